package dev.rookery.protocol.page;

import dev.rookery.auth.AuthCommand;
import dev.rookery.auth.Client;
import dev.rookery.auth.TokenPair;
import dev.rookery.base.Ids;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.edge.RequestBodyHandler;
import dev.rookery.session.Session;
import dev.rookery.session.Sessions;
import dev.rookery.session.Tokens;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where every visit comes in: who is it, was the form ours, may he see this page; and where every
 * answer goes out.
 */
final class PageRouter {
  private static final int FORM_BYTES_MAX = 64 << 10;
  private static final int BROWSER_ID_BYTES = 16;
  private static final Duration RENEW_INTERVAL = Duration.ofHours(1);
  private static final String SIGN_IN = "/users/log-in";

  /** What a page does. */
  @FunctionalInterface
  interface PageHandler {
    Future<PageResponse> handle(PageRequest visit);
  }

  private final Bus bus;
  private final Sessions sessions;
  private final Tokens tokens;
  private final InstantSource clock;
  private final Ids ids;
  private final PageSettings settings;
  private final CsrfTokens csrfTokens;
  private final PageResponseWriter responses;
  private final RequestBodyHandler bodies = new RequestBodyHandler(FORM_BYTES_MAX);

  PageRouter(
      Bus bus,
      Sessions sessions,
      Tokens tokens,
      InstantSource clock,
      Ids ids,
      PageSettings settings) {
    this.bus = bus;
    this.sessions = sessions;
    this.tokens = tokens;
    this.clock = clock;
    this.ids = ids;
    this.settings = settings;
    this.csrfTokens = new CsrfTokens(settings.secret());
    this.responses = new PageResponseWriter(settings.theme());
  }

  void get(Router router, String path, PageHandler page) {
    router.get(path).setName(path).handler(context -> handle(context, page, false));
  }

  /** Of those who are signed in; others are asked to, and come back. */
  void getSignedIn(Router router, String path, PageHandler page) {
    router.get(path).setName(path).handler(context -> handle(context, page, true));
  }

  /** Somewhere to go by a press on a page of ours, and not because another site sends one there. */
  void getFromOwnPage(Router router, String path, PageHandler page) {
    get(
        router,
        path,
        visit ->
            isCrossSite(visit.context().request())
                ? Future.succeededFuture(new PageResponse.Redirect(SIGN_IN))
                : page.handle(visit));
  }

  void post(Router router, String path, PageHandler page) {
    post(router, HttpMethod.POST, path, page, false);
  }

  void postSignedIn(Router router, String path, PageHandler page) {
    post(router, HttpMethod.POST, path, page, true);
  }

  void post(Router router, HttpMethod method, String path, PageHandler page, boolean mine) {
    router
        .route(method, path)
        .setName(path)
        .handler(bodies)
        .handler(context -> handle(context, page, mine));
  }

  private void handle(RoutingContext context, PageHandler page, boolean mine) {
    HttpServerRequest request = context.request();
    var cookies = new Cookies(request, settings.https() || settings.clients().isHttps(request));
    findSession(context, cookies)
        .compose(session -> serve(context, cookies, session, page, mine))
        .onFailure(context::fail);
  }

  private Future<Void> serve(
      RoutingContext context,
      Cookies cookies,
      @Nullable Session session,
      PageHandler page,
      boolean mine) {
    String known = cookies.browser();
    String browser = known == null ? ids.token(BROWSER_ID_BYTES) : known;
    if (known == null) {
      cookies.browser(browser);
    }
    String named = session == null ? "" : session.id().value();
    var visit =
        new PageRequest(context, cookies, session, browser, csrfTokens.create(browser, named));
    boolean form = context.request().method() != HttpMethod.GET;
    if (form
        && (known == null
            || isCrossSite(context.request())
            || !hasValidCsrfToken(visit, browser, named))) {
      return responses.renderProblem(
          visit, 403, "This form is too old", "Nothing was changed. Go back and try again.");
    }
    if (mine && session == null) {
      return responses.redirect(
          visit, SIGN_IN + (form ? "" : "?return_to=" + context.normalizedPath()));
    }
    return page.handle(visit)
        .recover(PageRouter::problemPage)
        .compose(answer -> respond(visit, answer));
  }

  private boolean hasValidCsrfToken(PageRequest visit, String browser, String session) {
    return csrfTokens.isValid(visit.field("_csrf_token"), browser, session);
  }

  /** Browsers of today say it when a request comes from a page of somebody else. */
  private static boolean isCrossSite(HttpServerRequest request) {
    String site = request.getHeader("sec-fetch-site");
    return site != null && !site.equals("same-origin") && !site.equals("none");
  }

  /** Nobody, if the cookie opens nothing any more; it is then forgotten. */
  private Future<@Nullable Session> findSession(RoutingContext context, Cookies cookies) {
    String cookie = cookies.session();
    if (cookie == null) {
      return Future.succeededFuture(null);
    }
    return readSession(context, cookies, cookie)
        .recover(
            no -> {
              if (no instanceof Refused refused
                  && (refused.refusal() instanceof Refusal.Denied
                      || refused.refusal() instanceof Refusal.Missing)) {
                cookies.clearSession();
                return Future.succeededFuture(null);
              }
              return Future.failedFuture(no);
            });
  }

  private Future<@Nullable Session> readSession(
      RoutingContext context, Cookies cookies, String cookie) {
    Tokens.PageClaims page;
    try {
      page = tokens.readPage(cookie);
    } catch (Refused refused) {
      return Future.failedFuture(refused);
    }
    Future<Session> session = sessions.check(page.access());
    if (clock.millis() - page.issuedMs() < RENEW_INTERVAL.toMillis()) {
      return session.map(found -> found);
    }
    Client client = new PageRequest(context, cookies, null, "", "").client();
    return session.compose(
        found ->
            bus.ask(new AuthCommand.Renew(found.id(), client))
                .map(
                    _ -> {
                      cookies.session(
                          tokens.page(found.id(), found.player(), page.persistent()),
                          page.persistent());
                      return found;
                    }));
  }

  private static Future<PageResponse> problemPage(Throwable no) {
    return no instanceof Refused refused
        ? Future.succeededFuture(
            new PageResponse.Render(
                Messages.status(refused.refusal()),
                "problem",
                Map.of(
                    "title", "This did not work",
                    "lead", Messages.failure(refused.refusal()),
                    "back", "/users/settings")))
        : Future.failedFuture(no);
  }

  private Future<Void> respond(PageRequest visit, PageResponse answer) {
    return switch (answer) {
      case PageResponse.Render show -> responses.render(visit, show);
      case PageResponse.Redirect(var path) -> responses.redirect(visit, path);
      case PageResponse.SignOut(var path) -> {
        visit.cookies().clearSession();
        yield responses.redirect(visit, path);
      }
      case PageResponse.Download(var name, var pieces) -> responses.download(visit, name, pieces);
      case PageResponse.SignIn(var signedIn, var kept, var path) -> {
        setSessionCookie(visit, signedIn, kept);
        yield endPreviousSession(visit).compose(_ -> responses.redirect(visit, path));
      }
    };
  }

  private void setSessionCookie(PageRequest visit, TokenPair signedIn, boolean kept) {
    var access = tokens.readAccess(signedIn.accessToken());
    visit.cookies().session(tokens.page(access.session(), access.player(), kept), kept);
  }

  /** Whoever was signed in at this browser before is not any more. */
  private Future<?> endPreviousSession(PageRequest visit) {
    Session before = visit.session();
    return before == null
        ? Future.succeededFuture()
        : bus.ask(new AuthCommand.SignOut(before.id())).onSuccess(_ -> sessions.end(before.id()));
  }
}

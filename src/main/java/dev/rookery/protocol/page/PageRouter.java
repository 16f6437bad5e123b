package dev.rookery.protocol.page;

import dev.rookery.base.Ids;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.edge.CsrfTokens;
import dev.rookery.edge.HttpErrors;
import dev.rookery.edge.RequestBodyHandler;
import dev.rookery.edge.RequestForm;
import dev.rookery.edge.RequestInfo;
import dev.rookery.protocol.page.PageRequest.Viewer;
import dev.rookery.session.Session;
import dev.rookery.session.Sessions;
import dev.rookery.session.Tokens;
import dev.rookery.translation.Catalogue;
import dev.rookery.translation.Message;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Routes requests to pages. Authenticates the browser, checks the CSRF token of forms, redirects to
 * the sign-in page where a session is required, and writes the response of the page.
 */
final class PageRouter {
  private static final String REQUEST = PageRequest.class.getName();
  private static final int BROWSER_ID_BYTES = 16;
  private static final String SIGN_IN = "/users/log-in";

  /** Serves a page. */
  @FunctionalInterface
  interface PageHandler {
    Future<PageResponse> handle(PageRequest request);
  }

  private final PageSessions sessions;
  private final Ids ids;
  private final PageSettings settings;
  private final CsrfTokens csrfTokens;
  private final PageLanguages languages;
  private final PageResponseWriter responses;
  private final PagePreviews previews;
  private final RequestBodyHandler bodies = new RequestBodyHandler(RequestBodyHandler.BYTES_MAX);

  PageRouter(
      Bus bus,
      Sessions sessions,
      Tokens tokens,
      InstantSource clock,
      Ids ids,
      PageSettings settings) {
    this.ids = ids;
    this.settings = settings;
    this.csrfTokens = new CsrfTokens("forms", settings.secret());
    this.languages = new PageLanguages(bus, settings.translations());
    this.sessions = new PageSessions(bus, sessions, tokens, clock, settings.translations());
    this.responses = new PageResponseWriter(settings, languages);
    this.previews = new PagePreviews(settings, responses);
  }

  /** Returns the path of a page without the prefix of a language; any other path as it is. */
  String servedPath(String path) {
    return languages.servedPath(path);
  }

  /** Mounts a page that needs no session. */
  void get(Router router, String path, PageHandler page) {
    get(router, path, page, false);
  }

  private void get(Router router, String path, PageHandler page, boolean signedInOnly) {
    languages.addPage(path);
    router
        .get(path)
        .setName(path)
        .handler(context -> admit(context, path, signedInOnly))
        .handler(context -> serve(context, page));
  }

  /** Mounts a page for browsers whose path other clients get something else under. */
  void getHtml(Router router, String path, PageHandler page) {
    languages.add(path);
    router
        .get(path)
        .setName(path)
        .handler(
            context -> {
              String accept = context.request().getHeader(HttpHeaders.ACCEPT);
              if (accept != null && accept.toLowerCase(Locale.ROOT).contains("text/html")) {
                admit(context, path, false);
              } else {
                context.next();
              }
            })
        .handler(
            context -> {
              if (context.get(REQUEST) == null) {
                context.next();
              } else {
                serve(context, page);
              }
            });
  }

  /** Mounts a page as {@link PagePreviews} shows it. */
  void preview(Router router, String path, PageHandler page) {
    previews.mount(router, path, page);
  }

  /**
   * Mounts a page that needs a session. A browser without one is redirected to the sign-in page and
   * back afterwards.
   */
  void getSignedIn(Router router, String path, PageHandler page) {
    get(router, path, page, true);
  }

  /**
   * Mounts a GET with side effects, which another site must not trigger: a cross-site request is
   * redirected to the sign-in page.
   */
  void getFromOwnPage(Router router, String path, PageHandler page) {
    get(
        router,
        path,
        request ->
            isCrossSite(request.context().request())
                ? Future.succeededFuture(new PageResponse.Redirect(SIGN_IN))
                : page.handle(request));
  }

  /** Mounts a form that needs no session. */
  void post(Router router, String path, PageHandler page) {
    post(router, HttpMethod.POST, path, page, false);
  }

  /** Mounts a form that needs a session. */
  void postSignedIn(Router router, String path, PageHandler page) {
    post(router, HttpMethod.POST, path, page, true);
  }

  /** Mounts a form with another method than POST. */
  void post(Router router, HttpMethod method, String path, PageHandler page, boolean signedInOnly) {
    languages.add(path);
    router
        .route(method, path)
        .setName(path)
        .handler(context -> admit(context, path, signedInOnly))
        .handler(bodies)
        .handler(this::requireCsrfToken)
        .handler(context -> serve(context, page));
  }

  /**
   * Lets a request pass whose browser may make it, as far as that is known without its form; the
   * form is read after that.
   */
  private void admit(RoutingContext context, String path, boolean signedInOnly) {
    RequestInfo.of(context).route(path);
    HttpServerRequest request = context.request();
    RequestBodyHandler.pause(context);
    var cookies = new Cookies(request, settings.https() || settings.clients().isHttps(request));
    sessions
        .find(context, cookies)
        .compose(
            session -> {
              var texts = languages.choose(request, session, languages.prefix(request));
              var viewer = sessions.findViewer(session);
              return Future.all(texts, viewer)
                  .compose(
                      _ ->
                          admit(
                              context,
                              cookies,
                              session,
                              texts.result(),
                              viewer.result(),
                              signedInOnly));
            })
        .onFailure(
            failure -> {
              RequestBodyHandler.skip(context);
              context.fail(failure);
            });
  }

  private Future<Void> admit(
      RoutingContext context,
      Cookies cookies,
      @Nullable Session session,
      Catalogue texts,
      Viewer viewer,
      boolean signedInOnly) {
    String cookie = cookies.browser();
    String browser = cookie == null ? ids.token(BROWSER_ID_BYTES) : cookie;
    if (cookie == null) {
      cookies.browser(browser);
    }
    var request =
        new PageRequest(
            context,
            cookies,
            session,
            browser,
            csrfTokens.create(browser, sessionId(session)),
            texts,
            languages.prefix(context.request()),
            viewer);
    boolean form = context.request().method() != HttpMethod.GET;
    if (form && (cookie == null || isCrossSite(context.request()))) {
      RequestBodyHandler.skip(context);
      return renderExpired(request);
    }
    if (signedInOnly && session == null) {
      RequestBodyHandler.skip(context);
      return responses.redirect(
          request, SIGN_IN + (form ? "" : "?return_to=" + context.normalizedPath()));
    }
    context.put(REQUEST, request);
    if (!form) {
      RequestBodyHandler.skip(context);
    }
    context.next();
    return Future.succeededFuture();
  }

  private void requireCsrfToken(RoutingContext context) {
    if (!RequestForm.isValid(context)) {
      HttpErrors.respond(context, 400);
      return;
    }
    PageRequest request = request(context);
    if (csrfTokens.isValid(
        request.field("_csrf_token"), request.browser(), sessionId(request.session()))) {
      context.next();
    } else {
      renderExpired(request).onFailure(context::fail);
    }
  }

  private void serve(RoutingContext context, PageHandler page) {
    PageRequest request = request(context);
    Future.succeededFuture()
        .compose(_ -> page.handle(request))
        .recover(failure -> problemPage(request, failure))
        .compose(response -> respond(request, response))
        .onFailure(context::fail);
  }

  private static PageRequest request(RoutingContext context) {
    PageRequest request = context.get(REQUEST);
    if (request == null) {
      throw new IllegalStateException("the request was not admitted");
    }
    return request;
  }

  private static String sessionId(@Nullable Session session) {
    return session == null ? "" : session.id().value();
  }

  private Future<Void> renderExpired(PageRequest request) {
    return responses.renderProblem(
        request,
        403,
        Message.of("This form has expired"),
        Message.of("Nothing was changed. Go back, reload the page and try again."));
  }

  /**
   * Returns whether the browser says that another site caused the request. All current browsers
   * send Sec-Fetch-Site.
   */
  private static boolean isCrossSite(HttpServerRequest request) {
    String site = request.getHeader("sec-fetch-site");
    return site != null && !site.equals("same-origin") && !site.equals("none");
  }

  private static Future<PageResponse> problemPage(PageRequest request, Throwable failure) {
    if (!(failure instanceof Refused refused)) {
      return Future.failedFuture(failure);
    }
    boolean missing =
        refused.refusal() instanceof Refusal.Missing
            && request.context().request().method() == HttpMethod.GET;
    return Future.succeededFuture(
        new PageResponse.Render(
            missing ? 404 : Messages.status(refused.refusal()),
            "problem",
            Map.of(
                "title",
                missing ? Message.of("Not found") : Message.of("Something went wrong"),
                "lead",
                Messages.failure(refused.refusal()),
                "back",
                "/users/settings")));
  }

  private Future<Void> respond(PageRequest request, PageResponse response) {
    return switch (response) {
      case PageResponse.Render render -> responses.render(request, render);
      case PageResponse.Scripted scripted -> responses.render(request, scripted);
      case PageResponse.Application application -> responses.render(request, application);
      case PageResponse.Data(var content) -> responses.send(request, content);
      case PageResponse.Text(var type, var content) -> responses.send(request, type, content);
      case PageResponse.Redirect(var path) -> responses.redirect(request, path);
      case PageResponse.SignOut(var path) -> {
        request.cookies().clearSession();
        yield responses.redirect(request, path);
      }
      case PageResponse.Download(var name, var content) ->
          responses.download(request, name, content);
      case PageResponse.SignIn(var tokenPair, var persistent, var path) -> {
        yield sessions
            .begin(request, tokenPair, persistent)
            .compose(_ -> responses.redirect(request, path));
      }
    };
  }
}

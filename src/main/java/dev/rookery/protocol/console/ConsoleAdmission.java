package dev.rookery.protocol.console;

import dev.rookery.base.Ids;
import dev.rookery.console.Admin;
import dev.rookery.console.ConsoleSessions;
import dev.rookery.console.Permission;
import dev.rookery.edge.CsrfTokens;
import dev.rookery.edge.HttpErrors;
import dev.rookery.edge.RequestBodyHandler;
import dev.rookery.edge.RequestForm;
import dev.rookery.edge.RequestInfo;
import dev.rookery.protocol.console.ConsoleRouter.Access;
import dev.rookery.protocol.console.ConsoleRouter.Registered;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a request reaches its page: finds the admin of the session, and checks the
 * permission of the route, the second factor, and a recent sign-in where one is needed. Forms need
 * a CSRF token and must come from this site. An admin without the permission gets 403 with its
 * name.
 */
final class ConsoleAdmission {
  private static final String REQUEST = ConsoleRequest.class.getName();
  private static final int BROWSER_ID_BYTES = 16;
  private static final int RETURN_MAX = 2_000;
  private static final String SIGN_IN = "/admin/sign-in";
  private static final String FACTOR = "/admin/factor";

  private final ConsoleSessions sessions;
  private final StepUp stepUp;
  private final Changes changes;
  private final Ids ids;
  private final ConsoleSettings settings;
  private final CsrfTokens csrfTokens;
  private final ConsoleRenderer renderer;

  ConsoleAdmission(
      ConsoleSessions sessions,
      StepUp stepUp,
      Changes changes,
      Ids ids,
      ConsoleSettings settings,
      ConsoleRenderer renderer) {
    this.sessions = sessions;
    this.stepUp = stepUp;
    this.changes = changes;
    this.ids = ids;
    this.settings = settings;
    this.csrfTokens = new CsrfTokens("console", settings.secret());
    this.renderer = renderer;
  }

  /** Goes on if the request is admitted, before its body is read. */
  void admit(RoutingContext context, Registered route) {
    RequestInfo.of(context).route(route.path());
    HttpServerRequest request = context.request();
    RequestBodyHandler.pause(context);
    var cookies =
        new ConsoleCookies(request, settings.https() || settings.clients().isHttps(request));
    findAdmin(context, cookies)
        .compose(admin -> admit(context, cookies, admin, route).<Void>mapEmpty())
        .recover(
            failure -> {
              RequestBodyHandler.skip(context);
              var stranger = new ConsoleRequest(context, cookies, null, null, "", "");
              return renderer.explain(stranger, failure);
            })
        .onFailure(context::fail);
  }

  private Future<@Nullable Admin> findAdmin(RoutingContext context, ConsoleCookies cookies) {
    String cookie = cookies.session();
    if (cookie == null) {
      return Future.succeededFuture(null);
    }
    var info = RequestInfo.of(context);
    return sessions
        .find(cookie, info.clientAddress(), info.requestId())
        .onSuccess(
            admin -> {
              if (admin == null) {
                cookies.clearSession();
              }
            });
  }

  private Future<?> admit(
      RoutingContext context, ConsoleCookies cookies, @Nullable Admin admin, Registered route) {
    String cookie = cookies.browser();
    String browser = cookie == null ? ids.token(BROWSER_ID_BYTES) : cookie;
    if (cookie == null) {
      cookies.browser(browser);
    }
    var request =
        new ConsoleRequest(
            context,
            cookies,
            admin,
            route.access() instanceof Access.Needs(var needed) ? needed : null,
            browser,
            csrfTokens.create(browser, sessionId(admin)));
    boolean form = route.method() != HttpMethod.GET;
    if (form && (cookie == null || isCrossSite(context.request()))) {
      RequestBodyHandler.skip(context);
      return renderer.problem(request, ConsoleProblem.expiredForm());
    }
    if (admin == null && !(route.access() instanceof Access.Everybody)) {
      RequestBodyHandler.skip(context);
      return redirectToSignIn(request, form);
    }
    if (admin != null && admin.enrolling() && isRestricted(route)) {
      RequestBodyHandler.skip(context);
      return renderer.redirect(request, FACTOR);
    }
    if (admin != null
        && route.access() instanceof Access.Needs(var permission)
        && !admin.may(permission)) {
      RequestBodyHandler.skip(context);
      return changes
          .recordRefused(request, route.path(), "missing_permission")
          .compose(
              _ ->
                  renderer.problem(
                      request, ConsoleProblem.noPermission(admin.role().missing(permission))));
    }
    return needsStepUp(request, form)
        .compose(
            needed -> {
              if (needed) {
                RequestBodyHandler.skip(context);
                return stepUp(request);
              }
              context.put(REQUEST, request);
              if (!form) {
                RequestBodyHandler.skip(context);
              }
              context.next();
              return Future.succeededFuture();
            });
  }

  /** Whether an admin must have set up a required second factor first; not to sign out. */
  private static boolean isRestricted(Registered route) {
    return switch (route.access()) {
      case Access.Needs _ -> true;
      case Access.AnyAdmin() -> route.method() == HttpMethod.GET;
      case Access.Everybody() -> false;
    };
  }

  private Future<Boolean> needsStepUp(ConsoleRequest request, boolean form) {
    Permission permission = request.permission();
    Admin admin = request.signedIn();
    return !form || admin == null || permission == null
        ? Future.succeededFuture(false)
        : stepUp.isNeeded(admin, permission);
  }

  private Future<Void> stepUp(ConsoleRequest request) {
    if (request.part() != null) {
      return request.context().response().setStatusCode(401).end();
    }
    String uri = request.uri();
    String page = uri.substring(0, uri.lastIndexOf('/'));
    return renderer.redirect(
        request, "/admin/step-up?return_to=" + URLEncoder.encode(page, StandardCharsets.UTF_8));
  }

  /** A script that asks for a part gets 401, and loads the whole page, which redirects. */
  private Future<Void> redirectToSignIn(ConsoleRequest request, boolean form) {
    if (request.part() != null) {
      return request.context().response().setStatusCode(401).end();
    }
    String page = form ? pageOfForm(request.context().request()) : request.uri();
    // A longer one is not gone back to, and escaped it may be too long for an address.
    String query =
        page.length() > RETURN_MAX
            ? ""
            : "?return_to=" + URLEncoder.encode(page, StandardCharsets.UTF_8);
    return renderer.redirect(request, SIGN_IN + query);
  }

  /** The page that a form was sent from, where its script offers again what was typed. */
  private static String pageOfForm(HttpServerRequest request) {
    String referrer = request.getHeader(HttpHeaders.REFERER);
    if (referrer == null) {
      return "/admin";
    }
    int path = referrer.indexOf("/admin", referrer.indexOf("//") + 2);
    return path < 0 ? "/admin" : referrer.substring(path);
  }

  /** Goes on if the form that was read has a valid CSRF token. */
  void requireCsrfToken(RoutingContext context) {
    if (!RequestForm.isValid(context)) {
      HttpErrors.respond(context, 400);
      return;
    }
    ConsoleRequest request = request(context);
    if (csrfTokens.isValid(
        request.field("_csrf_token"), request.browser(), sessionId(request.signedIn()))) {
      context.next();
    } else {
      renderer.problem(request, ConsoleProblem.expiredForm()).onFailure(context::fail);
    }
  }

  /** The request that was admitted. */
  static ConsoleRequest request(RoutingContext context) {
    ConsoleRequest request = context.get(REQUEST);
    if (request == null) {
      throw new IllegalStateException("the request was not admitted");
    }
    return request;
  }

  private static String sessionId(@Nullable Admin admin) {
    return admin == null ? "" : admin.session();
  }

  /** Whether the browser says that another site caused the request. */
  private static boolean isCrossSite(HttpServerRequest request) {
    String site = request.getHeader("sec-fetch-site");
    if (site != null) {
      return !site.equals("same-origin") && !site.equals("none");
    }
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    return origin != null && origin.equals("null");
  }
}

package dev.rookery.protocol.console;

import dev.rookery.base.Ids;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.console.Admin;
import dev.rookery.console.ConsoleSessions;
import dev.rookery.console.Permission;
import dev.rookery.edge.CsrfTokens;
import dev.rookery.edge.HttpErrors;
import dev.rookery.edge.MultipartBody;
import dev.rookery.edge.RawBodyHandler;
import dev.rookery.edge.RequestBodyHandler;
import dev.rookery.edge.RequestForm;
import dev.rookery.edge.RequestInfo;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Routes requests to the pages of the console. Each route has one permission, which is checked here
 * before its page is called: an admin without it gets 403 with the name of the permission. Forms
 * need a CSRF token and must come from this site. What a page refuses is shown in words.
 */
public final class ConsoleRouter {
  private static final String REQUEST = ConsoleRequest.class.getName();
  private static final int BROWSER_ID_BYTES = 16;
  private static final String SIGN_IN = "/admin/sign-in";
  private static final String FACTOR = "/admin/factor";
  private static final int FORM_BYTES_MAX = 512 << 10;

  /** Serves a page or an action. */
  @FunctionalInterface
  interface Page {
    Future<ConsoleView> handle(ConsoleRequest request);
  }

  /** Who may use a route. */
  sealed interface Access {
    /** Admins with this permission. */
    record Needs(Permission permission) implements Access {}

    /** Every signed-in admin. */
    record AnyAdmin() implements Access {}

    /** Everybody, for signing in. */
    record Everybody() implements Access {}
  }

  /**
   * A route as it was registered.
   *
   * @param uploadBytesMax the maximum size of an upload in bytes; 0 for a form without files
   */
  record Registered(HttpMethod method, String path, Access access, Page page, int uploadBytesMax) {
    Registered(HttpMethod method, String path, Access access, Page page) {
      this(method, path, access, page, 0);
    }
  }

  private final ConsoleSessions sessions;
  private final StepUp stepUp;
  private final Changes changes;
  private final ViewPages views;
  private final OpenBroadcasts broadcasts;
  private final Ids ids;
  private final ConsoleSettings settings;
  private final CsrfTokens csrfTokens;
  private final ConsoleRenderer renderer;
  private final RequestBodyHandler bodies = new RequestBodyHandler(FORM_BYTES_MAX);
  private final List<Registered> routes = new ArrayList<>();
  private final List<MenuEntry> menu = new ArrayList<>();
  private final Map<String, String> messages = new HashMap<>();

  ConsoleRouter(
      Bus bus, ConsoleSessions sessions, InstantSource clock, Ids ids, ConsoleSettings settings) {
    this.stepUp = new StepUp(bus, clock);
    this.changes = new Changes(bus);
    this.views = new ViewPages(bus, changes);
    this.broadcasts = new OpenBroadcasts(bus, clock);
    this.sessions = sessions;
    this.ids = ids;
    this.settings = settings;
    this.csrfTokens = new CsrfTokens("console", settings.secret());
    this.renderer = new ConsoleRenderer(settings, menu, messages);
  }

  /** Registers a page. Its path may have parameters, such as {@code /admin/users/:id}. */
  void page(String path, Permission permission, Page page) {
    routes.add(new Registered(HttpMethod.GET, path, new Access.Needs(permission), page));
  }

  /** Registers an action, which is a form with a CSRF token. */
  void action(String path, Permission permission, Page page) {
    routes.add(new Registered(HttpMethod.POST, path, new Access.Needs(permission), page));
  }

  /**
   * Registers an action whose form has files, which {@link ConsoleRequest#file} returns. They are
   * read only when the admin may do it.
   *
   * @param bytesMax the maximum size of all of the form
   */
  void upload(String path, Permission permission, int bytesMax, Page page) {
    routes.add(new Registered(HttpMethod.POST, path, new Access.Needs(permission), page, bytesMax));
  }

  /** Registers a page that every admin may see, whatever their permissions. */
  void pageForAll(String path, Page page) {
    routes.add(new Registered(HttpMethod.GET, path, new Access.AnyAdmin(), page));
  }

  /** Registers an action that every admin may do, such as signing out. */
  void actionForAll(String path, Page page) {
    routes.add(new Registered(HttpMethod.POST, path, new Access.AnyAdmin(), page));
  }

  /** Registers a page that needs no sign-in; {@link ConsoleRequest#signedIn} may be null. */
  void openPage(String path, Page page) {
    routes.add(new Registered(HttpMethod.GET, path, new Access.Everybody(), page));
  }

  /** Registers an action that needs no sign-in, but a CSRF token. */
  void openAction(String path, Page page) {
    routes.add(new Registered(HttpMethod.POST, path, new Access.Everybody(), page));
  }

  /** Adds an entry to the menu, after those of its group that are there. */
  void menu(MenuEntry entry) {
    menu.add(entry);
  }

  List<MenuEntry> menu() {
    return menu;
  }

  /** Registers the text that a page shows after a redirect with {@code ?done=code}. */
  void message(String code, String text) {
    messages.put(code, text);
  }

  /** The saved views of lists, to be registered. */
  ConsoleSection views() {
    return views;
  }

  ConsoleAssets assets() {
    return renderer.assets();
  }

  List<Registered> routes() {
    return List.copyOf(routes);
  }

  /** Mounts all registered routes, in their order, and a page for unknown paths. */
  void mount(Router router) {
    routes.forEach(route -> mount(router, route));
    mount(
        router,
        new Registered(
            HttpMethod.GET,
            "/admin/*",
            new Access.AnyAdmin(),
            _ -> Future.failedFuture(Refused.missing("page_not_found"))));
  }

  private void mount(Router router, Registered route) {
    var mounted =
        router
            .route(route.method(), route.path())
            .setName(route.path())
            .handler(context -> admit(context, route));
    if (route.uploadBytesMax() > 0) {
      mounted
          .handler(new RawBodyHandler(route.uploadBytesMax()))
          .handler(ConsoleRouter::readParts)
          .handler(this::requireCsrfToken);
    } else if (route.method() == HttpMethod.POST) {
      mounted.handler(bodies).handler(this::requireCsrfToken);
    }
    mounted.handler(context -> serve(context, route.page()));
  }

  /** Not on the event loop: to look through so many bytes takes a while. */
  private static void readParts(RoutingContext context) {
    String type = context.request().getHeader(HttpHeaders.CONTENT_TYPE);
    byte[] body = RawBodyHandler.body(context);
    context
        .vertx()
        .executeBlocking(() -> type == null ? null : MultipartBody.read(type.strip(), body), false)
        .onSuccess(
            parts -> {
              if (parts == null) {
                HttpErrors.respond(context, 400);
              } else {
                ConsoleRequest.put(context, parts);
                context.next();
              }
            })
        .onFailure(context::fail);
  }

  private void admit(RoutingContext context, Registered route) {
    RequestInfo.of(context).route(route.path());
    HttpServerRequest request = context.request();
    RequestBodyHandler.pause(context);
    var cookies =
        new ConsoleCookies(request, settings.https() || settings.clients().isHttps(request));
    findAdmin(context, cookies)
        .compose(admin -> admit(context, cookies, admin, route))
        .onFailure(
            failure -> {
              RequestBodyHandler.skip(context);
              context.fail(failure);
            });
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
      return refuseStranger(request, form);
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

  /** A script that asks for a part must load the whole page, which redirects to the sign-in. */
  private Future<Void> refuseStranger(ConsoleRequest request, boolean form) {
    if (request.part() != null) {
      return request.context().response().setStatusCode(401).end();
    }
    return renderer.redirect(
        request,
        form
            ? SIGN_IN
            : SIGN_IN + "?return_to=" + URLEncoder.encode(request.uri(), StandardCharsets.UTF_8));
  }

  private void requireCsrfToken(RoutingContext context) {
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

  private void serve(RoutingContext context, Page page) {
    ConsoleRequest request = request(context);
    Future<ConsoleView> view;
    try {
      view = page.handle(request);
    } catch (Refused refused) {
      view = Future.failedFuture(refused);
    }
    view.compose(answer -> views.addTo(request, answer))
        .compose(answer -> broadcasts.addTo(request, answer))
        .compose(answer -> renderer.respond(request, answer))
        .recover(
            failure ->
                failure instanceof Refused refused && !context.response().headWritten()
                    ? renderer.problem(request, ConsoleProblem.of(refused.refusal()))
                    : Future.failedFuture(failure))
        .onFailure(failure -> fail(context, failure));
  }

  private static void fail(RoutingContext context, Throwable failure) {
    if (context.response().headWritten()) {
      // A download that breaks off must not look complete.
      context.request().connection().close();
    } else {
      context.fail(failure);
    }
  }

  private static ConsoleRequest request(RoutingContext context) {
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

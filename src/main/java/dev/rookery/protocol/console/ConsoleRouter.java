package dev.rookery.protocol.console;

import dev.rookery.base.Ids;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.console.ConsoleSessions;
import dev.rookery.console.Permission;
import dev.rookery.edge.HttpErrors;
import dev.rookery.edge.MultipartBody;
import dev.rookery.edge.RawBodyHandler;
import dev.rookery.edge.RequestBodyHandler;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Routes requests to the pages of the console. Each route has one permission, which {@link
 * ConsoleAdmission} checks before its page is called. What a page refuses is shown in words.
 */
public final class ConsoleRouter {
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
   * @param shared whether the page shows the same to all admins with the same role
   */
  record Registered(
      HttpMethod method,
      String path,
      Access access,
      Page page,
      int uploadBytesMax,
      boolean shared) {
    Registered(HttpMethod method, String path, Access access, Page page) {
      this(method, path, access, page, 0, false);
    }
  }

  private final ConsoleAdmission admission;
  private final ViewPages views;
  private final PageServer server;
  private final ConsoleRenderer renderer;
  private final RequestBodyHandler bodies = new RequestBodyHandler(FORM_BYTES_MAX);
  private final List<Registered> routes = new ArrayList<>();
  private final List<MenuEntry> menu = new ArrayList<>();
  private final Map<String, String> messages = new HashMap<>();

  ConsoleRouter(
      Bus bus, ConsoleSessions sessions, InstantSource clock, Ids ids, ConsoleSettings settings) {
    var changes = new Changes(bus);
    this.renderer = new ConsoleRenderer(settings, menu, messages);
    this.admission =
        new ConsoleAdmission(sessions, new StepUp(bus, clock), changes, ids, settings, renderer);
    this.views = new ViewPages(bus, changes);
    this.server = new PageServer(views, new OpenBroadcasts(bus, clock), settings, renderer);
  }

  /** Registers a page. Its path may have parameters, such as {@code /admin/users/:id}. */
  void page(String path, Permission permission, Page page) {
    routes.add(new Registered(HttpMethod.GET, path, new Access.Needs(permission), page));
  }

  /**
   * As {@link #page}, for a page with live parts that shows the same to all admins with the same
   * role: a part is rendered once for all of them, see {@link SharedParts}.
   */
  void sharedPage(String path, Permission permission, Page page) {
    routes.add(new Registered(HttpMethod.GET, path, new Access.Needs(permission), page, 0, true));
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
    routes.add(
        new Registered(HttpMethod.POST, path, new Access.Needs(permission), page, bytesMax, false));
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
            .handler(context -> admission.admit(context, route));
    if (route.uploadBytesMax() > 0) {
      mounted
          .handler(new RawBodyHandler(route.uploadBytesMax()))
          .handler(ConsoleRouter::readParts)
          .handler(admission::requireCsrfToken);
    } else if (route.method() == HttpMethod.POST) {
      mounted.handler(bodies).handler(admission::requireCsrfToken);
    }
    mounted.handler(context -> server.serve(ConsoleAdmission.request(context), route));
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
}

package dev.rookery.protocol.console;

import dev.rookery.base.Refused;
import dev.rookery.console.Admin;
import dev.rookery.console.Permission;
import io.pebbletemplates.pebble.PebbleEngine;
import io.pebbletemplates.pebble.loader.ClasspathLoader;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Renders the templates of the console on a worker thread, and writes redirects and downloads.
 * Every variable is escaped, and an unknown one is an error. The content security policy allows
 * files of this server alone: no inline script, no inline style, no other host.
 */
final class ConsoleRenderer {
  static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " form-action 'self'; base-uri 'none'; frame-ancestors 'none';"
          + " require-trusted-types-for 'script'; trusted-types console";

  /** Of the page that shows pages for players in frames. */
  private static final String FRAMES_POLICY = CONTENT_SECURITY_POLICY + "; frame-src 'self'";

  private static final String FRAMES_TEMPLATE = "theme";
  private static final List<String> THEMES = List.of("system", "light", "dark", "contrast");
  private static final Pattern BLOCK = Pattern.compile("[a-z][a-z0-9_]{0,31}");

  /** An entry of the menu as the layout shows it. */
  record MenuItem(String label, String path, String key, boolean current) {}

  /** A group of the menu with its entries that the admin may see. */
  record MenuGroup(String label, List<MenuItem> items) {}

  /** One of a process: it knows nothing of a node, and compiles each template once. */
  private static final PebbleEngine ENGINE = createEngine();

  private final ConsoleSettings settings;
  private final List<MenuEntry> menu;
  private final Map<String, String> messages;
  private final ConsoleAssets assets = new ConsoleAssets();

  ConsoleRenderer(ConsoleSettings settings, List<MenuEntry> menu, Map<String, String> messages) {
    this.settings = settings;
    this.menu = menu;
    this.messages = messages;
  }

  static PebbleEngine createEngine() {
    var loader = new ClasspathLoader(ConsoleRenderer.class.getClassLoader());
    loader.setPrefix("console");
    loader.setSuffix(".html");
    return new PebbleEngine.Builder().loader(loader).strictVariables(true).build();
  }

  ConsoleAssets assets() {
    return assets;
  }

  Future<Void> respond(ConsoleRequest request, ConsoleView view) {
    return switch (view) {
      case ConsoleView.Render render -> render(request, render);
      case ConsoleView.Redirect(var path) -> redirect(request, path);
      case ConsoleView.Forward(var forward) -> {
        forward.run();
        yield Future.succeededFuture();
      }
      case ConsoleView.Data(var content) ->
          withSecurityHeaders(request.context().response())
              .putHeader(HttpHeaders.CONTENT_TYPE, "application/json; charset=utf-8")
              .end(content.encode());
      case ConsoleView.Download(var name, var type, var content) ->
          content.send(
              withSecurityHeaders(request.context().response())
                  .putHeader(HttpHeaders.CONTENT_TYPE, type)
                  .putHeader("content-disposition", "attachment; filename=\"" + name + "\""));
    };
  }

  private Future<Void> render(ConsoleRequest request, ConsoleView.Render view) {
    return render(request, view, request.part());
  }

  private Future<Void> render(
      ConsoleRequest request, ConsoleView.Render view, @Nullable String block) {
    if (block != null && !BLOCK.matcher(block).matches()) {
      return request.context().response().setStatusCode(400).end();
    }
    return text(request, view, block)
        .compose(text -> respond(request, view.status(), text, policy(view.template())));
  }

  private Future<String> text(
      ConsoleRequest request, ConsoleView.Render view, @Nullable String block) {
    Map<String, Object> model = model(request, view);
    return request
        .context()
        .vertx()
        .executeBlocking(() -> text(view.template(), block, model), false);
  }

  /** Renders one block of a page for several requests. */
  Future<SharedParts.Part> part(ConsoleRequest request, ConsoleView view, String block) {
    return view instanceof ConsoleView.Render render && BLOCK.matcher(block).matches()
        ? text(request, render, block).map(text -> new SharedParts.Part(render.status(), text))
        : Future.failedFuture(Refused.missing("page_not_found"));
  }

  /** Answers with the text of a part. */
  Future<Void> respond(ConsoleRequest request, int status, String text) {
    return respond(request, status, text, CONTENT_SECURITY_POLICY);
  }

  private static Future<Void> respond(
      ConsoleRequest request, int status, String text, String policy) {
    return withSecurityHeaders(request.context().response())
        .setStatusCode(status)
        .putHeader("content-security-policy", policy)
        .putHeader(HttpHeaders.CONTENT_TYPE, "text/html; charset=utf-8")
        .end(text);
  }

  private static String policy(String template) {
    return template.equals(FRAMES_TEMPLATE) ? FRAMES_POLICY : CONTENT_SECURITY_POLICY;
  }

  /**
   * Returns the text of a template.
   *
   * @param block of which alone; null for the whole page
   */
  private String text(String template, @Nullable String block, Map<String, Object> model) {
    var text = new StringWriter();
    try {
      if (block == null) {
        ENGINE.getTemplate(template).evaluate(text, model);
      } else {
        ENGINE.getTemplate(template).evaluateBlock(block, text, model);
      }
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
    if (block != null && text.toString().isBlank()) {
      throw Refused.missing("page_not_found");
    }
    return text.toString();
  }

  Future<Void> problem(ConsoleRequest request, ConsoleProblem problem) {
    // Never a part: a script that asked for one loads the whole page instead.
    return render(
        request,
        new ConsoleView.Render(
            problem.status(),
            "error",
            problem.title(),
            Map.of("problem", problem, "lookups", lookups(request))),
        null);
  }

  /** Where the request is looked up that has failed. */
  private static List<Link> lookups(ConsoleRequest request) {
    var links = new ArrayList<Link>();
    if (request.may(Permission.TRACES_READ)) {
      links.add(new Link("Its traces", TracePages.ofRequest(request.requestId())));
    }
    if (request.may(Permission.LOGS_READ)) {
      links.add(new Link("Its lines of the log", LogPages.ofRequest(request.requestId())));
    }
    return links;
  }

  /** Shows a refusal as a page, such as that of a database that is away; other failures pass. */
  Future<Void> explain(ConsoleRequest request, Throwable failure) {
    return failure instanceof Refused refused && !request.context().response().headWritten()
        ? problem(request, ConsoleProblem.of(refused.refusal()))
        : Future.failedFuture(failure);
  }

  /** Redirects with 303 See Other, so that reloading the target does not send the form again. */
  Future<Void> redirect(ConsoleRequest request, String path) {
    return withSecurityHeaders(request.context().response())
        .setStatusCode(303)
        .putHeader(HttpHeaders.LOCATION, path)
        .end();
  }

  private Map<String, Object> model(ConsoleRequest request, ConsoleView.Render view) {
    var model = new HashMap<>(view.model());
    model.putIfAbsent(OpenBroadcasts.MODEL, List.of());
    model.putIfAbsent("lookups", List.of());
    model.putIfAbsent("live", "");
    model.putIfAbsent("liveVersion", "");
    Admin admin = request.signedIn();
    String theme = request.cookies().theme();
    model.put("title", view.title());
    model.put("product", settings.product());
    model.put("node", settings.node());
    model.put("version", settings.version());
    model.put("environment", settings.production() ? "production" : "development");
    model.put("production", settings.production());
    model.put("assets", assets.path());
    model.put("theme", theme != null && THEMES.contains(theme) ? theme : "system");
    model.put("csrfToken", request.csrfToken());
    model.put("signedIn", admin != null);
    model.put("adminName", admin == null ? "" : "Player " + admin.player().value());
    model.put("role", admin == null ? "" : admin.role().name());
    model.put("menu", menu(request));
    model.put("path", request.context().normalizedPath());
    model.put("uri", request.uri());
    model.put("requestId", request.requestId());
    model.put("notice", messages.getOrDefault(request.query("done"), ""));
    return model;
  }

  private List<MenuGroup> menu(ConsoleRequest request) {
    String path = request.context().normalizedPath();
    var groups = new ArrayList<MenuGroup>();
    for (MenuEntry.Group group : MenuEntry.Group.values()) {
      List<MenuItem> items =
          menu.stream()
              .filter(entry -> entry.group() == group && request.may(entry.permission()))
              .map(
                  entry ->
                      new MenuItem(
                          entry.label(),
                          entry.path(),
                          entry.key() == null ? "" : entry.key(),
                          isAt(path, entry.path())))
              .toList();
      if (!items.isEmpty()) {
        groups.add(new MenuGroup(group.label(), items));
      }
    }
    return groups;
  }

  private static boolean isAt(String path, String entry) {
    return path.equals(entry) || (!entry.equals("/admin") && path.startsWith(entry + "/"));
  }

  /** Returns the names of the appearances. */
  static List<String> themes() {
    return THEMES;
  }

  private static HttpServerResponse withSecurityHeaders(HttpServerResponse response) {
    return response
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .putHeader(HttpHeaders.VARY, ConsoleRequest.PART)
        .putHeader("content-security-policy", CONTENT_SECURITY_POLICY)
        .putHeader("cross-origin-opener-policy", "same-origin")
        .putHeader("cross-origin-resource-policy", "same-origin")
        .putHeader(
            "permissions-policy",
            "camera=(), geolocation=(), microphone=(), payment=(), usb=(), clipboard-write=(self)")
        .putHeader("referrer-policy", "same-origin")
        .putHeader("x-content-type-options", "nosniff")
        .putHeader("x-frame-options", "DENY");
  }
}

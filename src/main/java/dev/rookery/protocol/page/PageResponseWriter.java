package dev.rookery.protocol.page;

import dev.rookery.edge.ChunkedBody;
import io.pebbletemplates.pebble.PebbleEngine;
import io.pebbletemplates.pebble.loader.ClasspathLoader;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes answers. Whatever goes into a template is escaped; nothing may be loaded but ours. */
final class PageResponseWriter {
  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none';"
          + " frame-ancestors 'none'";

  private static final List<String> TEMPLATES =
      List.of(
          "log-in",
          "register",
          "token",
          "reset-ask",
          "reset",
          "settings",
          "delete",
          "privacy",
          "terms",
          "data-deletion",
          "mailbox",
          "problem");

  private final Theme theme;
  private final PebbleEngine engine;

  PageResponseWriter(Theme theme) {
    this.theme = theme;
    var loader = new ClasspathLoader(PageResponseWriter.class.getClassLoader());
    loader.setPrefix("page");
    loader.setSuffix(".html");
    this.engine = new PebbleEngine.Builder().loader(loader).build();
    // Read here, where it may take its time.
    TEMPLATES.forEach(engine::getTemplate);
  }

  Future<Void> render(PageRequest visit, PageResponse.Render show) {
    var model = new HashMap<>(show.model());
    model.put("game", theme.title());
    model.put("themed", theme.css() != null);
    model.put("csrf", visit.csrfToken());
    model.put("signedIn", visit.session() != null);
    model.putIfAbsent("errors", Map.of());
    model.putIfAbsent("wrong", "");
    model.putIfAbsent("notice", Messages.success(visit.queryParameter("done")));
    var text = new StringWriter();
    try {
      engine.getTemplate(show.template()).evaluate(text, model);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
    return withSecurityHeaders(visit.context().response())
        .setStatusCode(show.status())
        .putHeader(HttpHeaders.CONTENT_TYPE, "text/html; charset=utf-8")
        .end(text.toString());
  }

  Future<Void> renderProblem(PageRequest visit, int status, String title, String lead) {
    var model = Map.<String, Object>of("title", title, "lead", lead, "back", "/users/settings");
    return render(visit, new PageResponse.Render(status, "problem", model));
  }

  /** See other: the browser gets that page, and loading it again sends no form again. */
  Future<Void> redirect(PageRequest visit, String path) {
    return withSecurityHeaders(visit.context().response())
        .setStatusCode(303)
        .putHeader(HttpHeaders.LOCATION, path)
        .end();
  }

  Future<Void> download(PageRequest visit, String name, ChunkedBody pieces) {
    var response =
        withSecurityHeaders(visit.context().response())
            .putHeader(HttpHeaders.CONTENT_TYPE, "application/json; charset=utf-8")
            .putHeader("content-disposition", "attachment; filename=\"" + name + "\"");
    return pieces.send(response);
  }

  /** A token may be in the address, so no other site hears of it. */
  private static HttpServerResponse withSecurityHeaders(HttpServerResponse response) {
    return response
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .putHeader("content-security-policy", CONTENT_SECURITY_POLICY)
        .putHeader("cross-origin-opener-policy", "same-origin")
        .putHeader("referrer-policy", "same-origin")
        .putHeader("x-content-type-options", "nosniff")
        .putHeader("x-frame-options", "DENY");
  }
}

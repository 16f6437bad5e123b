package dev.rookery.protocol.welcome;

import dev.rookery.bus.Bus;
import dev.rookery.edge.Protocol;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Serves the script and the style sheet of the welcome page, the figures that it shows, and the
 * page itself where the pages for players are disabled, which serve it otherwise. Nothing is loaded
 * from another server; the content security policy enforces that.
 */
public final class WelcomePage implements Protocol {
  private static final String HOME = "/";
  private static final String PREFIX = "/welcome/";

  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private final Bus bus;
  private final InstantSource clock;
  private final String version;
  private final @Nullable Buffer page;
  private final Buffer style = read("page.css");
  private final Buffer script = read("page.js");

  /**
   * @param page the page; null if another protocol serves it
   */
  public WelcomePage(Bus bus, InstantSource clock, String version, @Nullable String page) {
    this.page = page == null ? null : Buffer.buffer(page);
    this.bus = bus;
    this.clock = clock;
    this.version = version;
  }

  @Override
  public void mount(Router router) {
    Buffer own = page;
    if (own != null) {
      router.get(HOME).setName(HOME).handler(context -> serveHome(context, own));
    }
    mountFile(router, "page.css", "text/css; charset=utf-8", style);
    mountFile(router, "page.js", "text/javascript; charset=utf-8", script);
    var stats = new ServerStats(bus, clock, version);
    router
        .get(PREFIX + "status")
        .setName(PREFIX + "status")
        .handler(context -> status(context, stats));
  }

  @Override
  public boolean isExempt(String path) {
    return path.startsWith(PREFIX);
  }

  private static void serveHome(RoutingContext context, Buffer page) {
    String accept = context.request().getHeader(HttpHeaders.ACCEPT);
    if (accept != null && accept.toLowerCase(Locale.ROOT).contains("text/html")) {
      context.response().putHeader(HttpHeaders.VARY, "accept");
      send(context, "text/html; charset=utf-8", page);
    } else {
      context.next();
    }
  }

  private static void mountFile(Router router, String name, String type, Buffer content) {
    router
        .get(PREFIX + name)
        .setName(PREFIX + name)
        .handler(context -> send(context, type, content));
  }

  private static void send(RoutingContext context, String type, Buffer content) {
    context
        .response()
        .putHeader(HttpHeaders.CONTENT_TYPE, type)
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
        .putHeader("content-security-policy", POLICY)
        .putHeader("x-content-type-options", "nosniff")
        .putHeader("referrer-policy", "no-referrer")
        .end(content);
  }

  private static void status(RoutingContext context, ServerStats stats) {
    stats
        .current()
        .onSuccess(
            json ->
                context
                    .response()
                    .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                    .end(json))
        .onFailure(context::fail);
  }

  private static Buffer read(String name) {
    try (InputStream content = WelcomePage.class.getResourceAsStream("/welcome/" + name)) {
      if (content == null) {
        throw new IllegalStateException(
            "the resource /welcome/" + name + " is missing from the class path");
      }
      return Buffer.buffer(content.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

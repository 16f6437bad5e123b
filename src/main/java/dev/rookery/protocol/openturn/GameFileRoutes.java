package dev.rookery.protocol.openturn;

import dev.rookery.base.ClientNetwork;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.edge.FixedWindowLimiter;
import dev.rookery.edge.Protocol;
import dev.rookery.edge.RequestInfo;
import dev.rookery.match.GameCommand;
import dev.rookery.match.GameManifest;
import dev.rookery.match.StaticFile;
import dev.rookery.protocol.kamon.StaticContent;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Serves the static output of games (openturn contract, 6.7): {@code
 * /__openturn/bundle/<gameKey>/<version>/<path>}, and without key and version that of the default
 * game.
 *
 * <p>A page of a game is not trusted: wherever it is opened it runs in a sandbox without an origin,
 * so it reaches neither the cookies nor the storage of this server, and it loads nothing from
 * others. Browsers fetch its modules and fonts as from another origin, so any origin may read the
 * files, which are public.
 */
public final class GameFileRoutes implements Protocol {
  private static final String PREFIX = "/__openturn/bundle/";
  private static final String ALL = PREFIX + "*";

  private static final String POLICY =
      "sandbox allow-scripts allow-forms allow-modals allow-pointer-lock allow-downloads;"
          + " default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'"
          + " 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; media-src 'self'"
          + " data: blob:; connect-src 'self'; worker-src 'self' blob:; base-uri 'none';"
          + " form-action 'none'; frame-ancestors 'self'";

  /** Part of a name that build tools derive from the content. */
  private static final Pattern HASHED =
      Pattern.compile(".*[-.](?=[A-Za-z0-9_-]*\\d)[A-Za-z0-9_-]{8,64}\\.[A-Za-z0-9.]+");

  private static final Pattern SLASH = Pattern.compile("/");
  private static final int PARTS = 3;

  private final Bus bus;
  private final @Nullable FixedWindowLimiter limiter;

  /**
   * @param limiter limits the requests of each client network; null for no limit
   */
  public GameFileRoutes(Bus bus, @Nullable FixedWindowLimiter limiter) {
    this.bus = bus;
    this.limiter = limiter;
  }

  @Override
  public void mount(Router router) {
    router.get(ALL).setName(ALL).handler(this::serve);
  }

  /** From the general limit, which a page with many files would exceed. They have their own. */
  @Override
  public boolean isExempt(String path) {
    return path.startsWith(PREFIX);
  }

  @Override
  public boolean handlesCors(String path) {
    return path.startsWith(PREFIX);
  }

  private void serve(RoutingContext context) {
    RequestInfo info = RequestInfo.of(context);
    info.route(ALL);
    if (limiter != null) {
      long waitMs = limiter.retryAfterMs(ClientNetwork.of(info.clientAddress()));
      if (waitMs > 0) {
        var limited = new Refusal.Limited("too_many_requests", Duration.ofMillis(waitMs));
        Responses.fail(context, new Refused(limited));
        return;
      }
    }
    String path = decode(context.request().path().substring(PREFIX.length()));
    find(path.isEmpty() || path.endsWith("/") ? path + "index.html" : path)
        .onSuccess(found -> respond(context, found.file(), found.versioned()))
        .onFailure(cause -> Responses.fail(context, cause));
  }

  private static String decode(String path) {
    return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /**
   * What a path leads to.
   *
   * @param versioned whether it names the version, so that it leads to nothing else later
   */
  private record Found(@Nullable StaticFile file, boolean versioned) {}

  private Future<Found> find(String path) {
    String[] parts = SLASH.split(path, PARTS);
    boolean named =
        parts.length == PARTS && GameManifest.isName(parts[0]) && GameManifest.isName(parts[1]);
    Future<Optional<StaticFile>> ofVersion =
        named
            ? bus.ask(new GameCommand.ReadFile(parts[0], parts[1], parts[2]))
            : Future.succeededFuture(Optional.empty());
    return ofVersion.compose(
        found ->
            found.isPresent()
                ? Future.succeededFuture(new Found(found.get(), true))
                : bus.ask(new GameCommand.ReadFile(null, null, path))
                    .map(active -> new Found(active.orElse(null), false)));
  }

  private static void respond(
      RoutingContext context, @Nullable StaticFile file, boolean versioned) {
    HttpServerRequest request = context.request();
    HttpServerResponse response = context.response();
    response
        .putHeader("content-security-policy", POLICY)
        .putHeader("x-content-type-options", "nosniff")
        .putHeader("referrer-policy", "no-referrer")
        .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    if (file == null) {
      Responses.error(context, 404, "not_found");
      return;
    }
    String tag = "\"" + file.digest() + "\"";
    response
        .putHeader(HttpHeaders.ETAG, tag)
        .putHeader(
            HttpHeaders.CACHE_CONTROL,
            versioned && HASHED.matcher(file.path()).matches()
                ? "public, max-age=31536000, immutable"
                : "no-cache");
    String known = request.getHeader(HttpHeaders.IF_NONE_MATCH);
    if (known != null && (known.contains(tag) || known.strip().equals("*"))) {
      response.setStatusCode(304).end();
      return;
    }
    response
        .putHeader(HttpHeaders.CONTENT_TYPE, StaticContent.typeOf(file.path()))
        // Not copied: many requests of a large file at once would each take its size in memory.
        .end(BufferInternal.buffer(Unpooled.wrappedBuffer(file.content())));
  }
}

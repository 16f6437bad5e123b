package dev.rookery.protocol.gamend;

import dev.rookery.edge.HttpErrors;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Serves the API document and a Swagger UI page that shows it. The page loads nothing from other
 * hosts, and its content security policy forbids it.
 */
final class ApiDocsRoutes {
  static final String DOCUMENT = "/api/openapi";
  static final String PAGE = "/api/docs";

  /** The version must equal the one in the pom, which a test checks. */
  private static final String SWAGGER_UI = "/META-INF/resources/webjars/swagger-ui/5.34.1/";

  private static final String OWN_FILES = "/openapi/docs/";
  private static final Map<String, String> TYPES =
      Map.of(
          "swagger-ui-bundle.js", "text/javascript; charset=utf-8",
          "swagger-ui.css", "text/css; charset=utf-8",
          "favicon-32x32.png", "image/png",
          "docs.js", "text/javascript; charset=utf-8");

  // Swagger UI sets style attributes and draws its icons from data URLs.
  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
          + " img-src 'self' data:; font-src 'self' data:; connect-src 'self';"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private final Supplier<JsonObject> documentSource;
  private volatile @Nullable Buffer document;

  /**
   * @param documentSource supplies the document; called once, at the first request, when the URL of
   *     the server is known
   */
  ApiDocsRoutes(Supplier<JsonObject> documentSource) {
    this.documentSource = documentSource;
  }

  void mount(Router router) {
    router.get(DOCUMENT).setName(DOCUMENT).handler(this::document);
    router.get(PAGE).setName(PAGE).handler(ApiDocsRoutes::page);
    router.get(PAGE + "/:file").setName(PAGE + "/:file").handler(ApiDocsRoutes::file);
  }

  private void document(RoutingContext context) {
    if (!ContentNegotiation.acceptsJson(context.request())) {
      HttpErrors.respond(context, 406);
      return;
    }
    Buffer body = document;
    if (body == null) {
      body = documentSource.get().toBuffer();
      document = body;
    }
    context
        .response()
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json; charset=utf-8")
        .end(body);
  }

  private static void page(RoutingContext context) {
    if (!ContentNegotiation.acceptsHtml(context.request())) {
      HttpErrors.respond(context, 406);
      return;
    }
    send(context, OWN_FILES + "docs.html", "text/html; charset=utf-8", "no-cache");
  }

  private static void file(RoutingContext context) {
    String name = context.pathParam("file");
    String type = TYPES.get(name);
    if (type == null) {
      HttpErrors.respond(context, 404);
      return;
    }
    String folder = name.startsWith("docs.") ? OWN_FILES : SWAGGER_UI;
    send(context, folder + name, type, "public, max-age=3600");
  }

  /** Reads the resource for each request, on a worker thread; too rare to be worth a cache. */
  private static void send(RoutingContext context, String resource, String type, String caching) {
    Callable<Buffer> read = () -> read(resource);
    context
        .vertx()
        .executeBlocking(read, false)
        .onComplete(
            content ->
                context
                    .response()
                    .putHeader(HttpHeaders.CONTENT_TYPE, type)
                    .putHeader(HttpHeaders.CACHE_CONTROL, caching)
                    .putHeader("content-security-policy", CONTENT_SECURITY_POLICY)
                    .putHeader("x-content-type-options", "nosniff")
                    .end(content),
            context::fail);
  }

  private static Buffer read(String resource) throws IOException {
    try (InputStream content = ApiDocsRoutes.class.getResourceAsStream(resource)) {
      if (content == null) {
        throw new IllegalStateException(resource + " is not on the class path");
      }
      return Buffer.buffer(content.readAllBytes());
    }
  }
}

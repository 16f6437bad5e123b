package dev.rookery.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.Refused;
import dev.rookery.node.NodeDependencies;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.ManualClock;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What applies to every HTTP request: ids, errors, limits, CORS, client address. */
final class EdgeTest {
  private static final String BODY_ROUTE = "/probe/body";
  private static TestNode node;

  /** A protocol with the routes under test. */
  private static final class Probe implements Protocol {
    @Override
    public void mount(Router router) {
      router
          .get("/probe/client")
          .handler(context -> context.end(RequestInfo.of(context).clientAddress()));
      router.get("/probe/things/:id").handler(context -> context.end(context.pathParam("id")));
      router
          .get("/probe/crash")
          .handler(
              _ -> {
                throw new IllegalStateException("thrown by the test");
              });
      router.get("/probe/full").handler(context -> context.fail(Refused.conflict("full")));
      router
          .route(BODY_ROUTE)
          .handler(new RequestBodyHandler(1 << 20))
          .handler(
              context ->
                  context.json(
                      JsonObject.of(
                          "length", context.body().length(),
                          "name", context.request().getFormAttribute("name"))));
      router.get("/files/one").handler(context -> context.end("file"));
    }

    @Override
    public boolean isExempt(String path) {
      return path.startsWith("/files/");
    }
  }

  @BeforeAll
  static void start() {
    node =
        TestNode.start(
            Databases.sqlite(), Map.of(), NodeDependencies.production().with(new Probe()));
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void everyResponseHasRequestIdTimeAndCacheControl() {
    for (String path : new String[] {"/probe/client", "/nope", "/probe/crash"}) {
      HttpHeaders headers = node.get(path).headers();
      assertThat(headers.firstValue("x-request-id").orElse("")).hasSizeBetween(20, 200);
      assertThat(headers.firstValue("x-request-time").orElse("")).matches("\\d+\\.\\d{3}ms");
      assertThat(headers.firstValue("cache-control"))
          .hasValue("max-age=0, private, must-revalidate");
    }
  }

  @Test
  void aValidRequestIdIsEchoedAndAnyOtherReplaced() {
    assertThat(requestId("abc-123")).isEqualTo("abc-123");
    assertThat(requestId("x".repeat(200))).isEqualTo("x".repeat(200));
    assertThat(requestId("x".repeat(201))).hasSizeLessThan(200);
    assertThat(requestId("two words")).doesNotContain(" ");
    assertThat(requestId("a")).isNotEqualTo(requestId("two words"));
  }

  private static String requestId(String given) {
    return node.get("/nope", "x-request-id", given).headers().firstValue("x-request-id").orElse("");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/nope | | 404 | text/html; charset=utf-8 | Not Found",
        "/nope | */* | 404 | text/html; charset=utf-8 | Not Found",
        "/nope | text/html,application/json | 404 | text/html; charset=utf-8 | Not Found",
        "/nope | application/json | 404 | application/json; charset=utf-8 |"
            + " {\"errors\":{\"detail\":\"Not Found\"}}",
        "/nope?_format=json | | 404 | application/json; charset=utf-8 |"
            + " {\"errors\":{\"detail\":\"Not Found\"}}",
        "/probe/crash | application/json | 500 | application/json; charset=utf-8 |"
            + " {\"errors\":{\"detail\":\"Internal Server Error\"}}",
        "/probe/full | application/json | 409 | application/json; charset=utf-8 |"
            + " {\"errors\":{\"detail\":\"Conflict\"}}",
        "/probe/things/%zz | application/json | 400 | application/json; charset=utf-8 |"
            + " {\"errors\":{\"detail\":\"Bad Request\"}}",
      })
  void errorsAreJsonForClientsThatAcceptIt(
      String path, String accept, int status, String type, String body) throws IOException {
    String headers = accept == null ? "" : "accept: " + accept + "\r\n";
    Raw answer = Raw.ask("GET " + path + " HTTP/1.1\r\nhost: a\r\n" + headers + "\r\n");
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.header("content-type")).isEqualTo(type);
    assertThat(answer.body()).isEqualTo(body);
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "BREW"})
  void anUnsupportedMethodOnAKnownPathIsNotFound(String method) {
    assertThat(node.send(method, "/probe/client", null).statusCode()).isEqualTo(404);
  }

  @Test
  void headIsGetWithoutTheBody() {
    HttpResponse<String> answer = node.send("HEAD", "/probe/things/7", null);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
    assertThat(node.send("HEAD", "/nope", null).statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/api/v1/health/", "//api/v1/health", "/api//v1///health", "/api/v1/health//?a=b"})
  void emptyPathSegmentsAreIgnored(String path) {
    assertThat(node.get(path).body()).contains("\"status\":\"ok\"");
  }

  @Test
  void bodiesHaveAMaximumSize() {
    assertThat(node.post(BODY_ROUTE, "x".repeat(1 << 20)).body()).contains("1048576");
    assertThat(node.post(BODY_ROUTE, "x".repeat((1 << 20) + 1)).statusCode()).isEqualTo(413);
  }

  @Test
  void formAndMultipartFieldsAreReadAndFilesDiscarded() {
    String type = "multipart/form-data; boundary=b";
    String multipart =
        """
        --b\r
        content-disposition: form-data; name="name"\r
        \r
        Ann\r
        --b\r
        content-disposition: form-data; name="f"; filename="../../f"\r
        content-type: text/plain\r
        \r
        file\r
        --b--\r
        """;
    assertThat(body("application/x-www-form-urlencoded", "name=Ann+B")).contains("\"Ann B\"");
    assertThat(body(type, multipart)).contains("\"Ann\"");
  }

  private static String body(String type, String content) {
    return node.send(
            java.net.http.HttpRequest.newBuilder(node.uri(BODY_ROUTE))
                .header("content-type", type)
                .POST(java.net.http.HttpRequest.BodyPublishers.ofString(content))
                .build())
        .body();
  }

  @ParameterizedTest
  @CsvSource({
    "uri, 414",
    "header, 431",
    "garbage, 400",
  })
  void anInvalidRequestIsAnsweredAndTheConnectionClosed(String what, int status)
      throws IOException {
    String request =
        switch (what) {
          case "uri" -> "GET /" + "x".repeat(9_000) + " HTTP/1.1\r\nhost: a\r\n\r\n";
          case "header" -> "GET / HTTP/1.1\r\nhost: a\r\nx: " + "x".repeat(20_000) + "\r\n\r\n";
          default -> "GET / HTTP/9\r\n\r\n";
        };
    assertThat(Raw.ask(request).status()).isEqualTo(status);
  }

  @Test
  void generalAndSignInRequestsAreLimitedPerAddress() {
    var clock = new ManualClock();
    var settings =
        Map.of(
            "ROOKERY_RATE_LIMIT_ENABLED", "true",
            "RATE_LIMIT_HTTP_GENERAL_LIMIT", "3",
            "RATE_LIMIT_HTTP_AUTH_LIMIT", "2");
    var dependencies = NodeDependencies.production().with(clock).with(new Probe());
    try (var limited = TestNode.start(Databases.sqlite(), settings, dependencies)) {
      clock.advance(Duration.ofSeconds(20));
      for (int i = 0; i < 3; i++) {
        assertThat(limited.get("/probe/client").statusCode()).isEqualTo(200);
      }
      HttpResponse<String> refused = limited.get("/nope", "origin", "https://game.example");
      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(refused.body()).isEqualTo("Too Many Requests");
      assertThat(refused.headers().firstValue("retry-after")).hasValue("40");
      assertThat(refused.headers().firstValue("content-type")).isEmpty();
      assertThat(refused.headers().firstValue("access-control-allow-origin"))
          .hasValue("https://game.example");

      assertThat(limited.post("/api/v1/login/device", "{}").statusCode()).isEqualTo(400);
      assertThat(limited.post("/api/v1/register", "{}").statusCode()).isNotEqualTo(429);
      assertThat(limited.post("/api/v1/login/device", "{}").statusCode()).isEqualTo(429);

      assertThat(limited.get("/files/one").statusCode()).isEqualTo(200);
      assertThat(limited.get("/health/live").statusCode()).isEqualTo(200);
      assertThat(limited.get("/socket/websocket?vsn=9").statusCode()).isEqualTo(403);
      assertThat(preflight(limited, "https://game.example", "GET", "").statusCode()).isEqualTo(200);
      assertThat(limited.get("/probe/client", "x-forwarded-for", "203.0.113.1").statusCode())
          .isEqualTo(200);

      clock.advance(Duration.ofSeconds(40));
      assertThat(limited.get("/probe/client").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void corsNamesTheOriginAndAllowsCredentials() {
    HttpHeaders headers = node.get("/nope", "origin", "https://game.example").headers();
    assertThat(headers.firstValue("access-control-allow-origin")).hasValue("https://game.example");
    assertThat(headers.firstValue("access-control-allow-credentials")).hasValue("true");
    assertThat(headers.firstValue("access-control-expose-headers"))
        .hasValue("x-request-time, x-request-id, retry-after");
    assertThat(headers.firstValue("vary")).hasValue("origin");
    assertThat(node.get("/nope").headers().firstValue("access-control-allow-origin")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, '', true",
    "PATCH, 'Content-Type, Authorization', true",
    "DELETE, authorization, true",
    "POST, idempotency-key, true",
    "GET, 'traceparent, tracestate, baggage', true",
    "GET, 'Sentry-Trace, Authorization', true",
    "GET, 'b3, X-B3-TraceId, x-b3-spanid, x-b3-parentspanid, x-b3-sampled, x-b3-flags', true",
    "POST, 'x-request-id,idempotency-key,content-type', true",
    "GET, 'Request-Id, Request-Context, elastic-apm-traceparent, sw8, X-Trace-Id', true",
    "GET, 'X-INSTANA-T, ot-tracer-traceid, uberctx-tenant, x-datadog-origin', true",
    "GET, x-b3-, false",
    "GET, 'traceparent, x-custom', false",
    "TRACE, '', false",
    "GET, x-custom, false",
  })
  void aPreflightHasStatus200AndAllowsByHeaders(String method, String asked, boolean allowed) {
    HttpResponse<String> answer = preflight(node, "https://game.example", method, asked);
    HttpHeaders headers = answer.headers();
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
    assertThat(headers.firstValue("access-control-allow-origin").isPresent()).isEqualTo(allowed);
    assertThat(headers.firstValue("access-control-max-age")).isEmpty();
    if (allowed) {
      assertThat(headers.firstValue("access-control-allow-methods"))
          .hasValue("GET, POST, PUT, PATCH, DELETE, OPTIONS");
      assertThat(headers.firstValue("access-control-allow-headers").orElse(""))
          .startsWith("content-type, authorization")
          .contains(asked.toLowerCase(Locale.ROOT).split("\\s*,\\s*"));
    }
  }

  @Test
  void onlyListedOriginsAreAllowed() {
    var settings = Map.of("PHX_ALLOWED_ORIGINS", "https://game.example, regex:\\.dev$");
    try (var listed = TestNode.start(Databases.sqlite(), settings)) {
      assertThat(allowed(listed, "https://game.example")).isTrue();
      assertThat(allowed(listed, "https://a.dev")).isTrue();
      assertThat(allowed(listed, "https://other.example")).isFalse();
      var preflight = preflight(listed, "https://other.example", "GET", "");
      assertThat(preflight.statusCode()).isEqualTo(200);
      assertThat(preflight.headers().firstValue("access-control-allow-origin")).isEmpty();
    }
  }

  private static boolean allowed(TestNode at, String origin) {
    return at.get("/health/live", "origin", origin)
        .headers()
        .firstValue("access-control-allow-origin")
        .isPresent();
  }

  private static HttpResponse<String> preflight(
      TestNode at, String origin, String method, String headers) {
    return headers.isEmpty()
        ? at.send(
            "OPTIONS",
            "/probe/client",
            null,
            "origin",
            origin,
            "access-control-request-method",
            method)
        : at.send(
            "OPTIONS",
            "/probe/client",
            null,
            "origin",
            origin,
            "access-control-request-method",
            method,
            "access-control-request-headers",
            headers);
  }

  /** The response to raw bytes that an HTTP client would not send. */
  private record Raw(int status, String head, String body) {
    static Raw ask(String request) throws IOException {
      try (var socket = new Socket("127.0.0.1", node.port())) {
        socket.setSoTimeout(120_000);
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        socket.shutdownOutput();
        InputStream in = socket.getInputStream();
        String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        int end = text.indexOf("\r\n\r\n");
        assertThat(end).as(text).isPositive();
        return new Raw(
            Integer.parseInt(text.substring(9, 12)),
            text.substring(0, end),
            text.substring(end + 4));
      }
    }

    String header(String name) {
      return head.lines()
          .filter(line -> line.startsWith(name + ": "))
          .map(line -> line.substring(name.length() + 2))
          .findFirst()
          .orElse("");
    }
  }
}

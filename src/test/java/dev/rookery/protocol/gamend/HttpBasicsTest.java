package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Databases;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HttpBasicsTest {
  private static final String LOGIN = "/api/v1/login/device";
  private static TestApi api;

  @BeforeAll
  static void start() {
    api = TestApi.start(Databases.sqlite());
  }

  @AfterAll
  static void stop() {
    api.close();
  }

  @Test
  void healthReturnsTheTimeInMicroseconds() {
    TestApi.Response response = api.get("/api/v1/health");
    assertThat(response.status()).isEqualTo(200);
    assertThat(response.body().getString("timestamp"))
        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z");
  }

  @Test
  void everyResponseHasTheCommonHeaders() {
    var headers =
        api.get("/api/v1/health", "x-request-id", "a-name-of-the-client").response().headers();
    assertThat(headers.firstValue("content-type")).contains("application/json; charset=utf-8");
    assertThat(headers.firstValue("cache-control")).contains("max-age=0, private, must-revalidate");
    assertThat(headers.firstValue("x-request-id")).contains("a-name-of-the-client");
    assertThat(headers.firstValue("x-request-time").orElse("")).matches("\\d+\\.\\d{3}ms");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v1/health/",
        "//api//v1/health",
        "/api/v1/health?x=%F0%9F%99%82",
        "/api/v1/health?&&=&"
      })
  void normalizesPaths(String path) {
    assertThat(api.node().get(path).statusCode()).isEqualTo(200);
  }

  @Test
  void answersHeadLikeGetWithoutABody() {
    HttpResponse<String> response = api.node().send("HEAD", "/api/v1/health", null);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"PATCH", "PUT", "DELETE", "TRACE"})
  void answersNotFoundForAnotherMethod(String method) {
    assertThat(api.node().send(method, "/api/v1/health", null).statusCode()).isEqualTo(404);
  }

  @Test
  void readsFieldsFromFormsMultipartBodiesAndQueries() {
    assertThat(form("application/x-www-form-urlencoded", "device_id=a+b%26c").statusCode())
        .isEqualTo(200);
    String multipart =
        "--x\r\ncontent-disposition: form-data; name=\"device_id\"\r\n\r\nsome device\r\n--x--\r\n";
    assertThat(form("multipart/form-data; boundary=x", multipart).statusCode()).isEqualTo(200);
    assertThat(api.post(LOGIN + "?device_id=queried", null).status()).isEqualTo(200);
  }

  @Test
  void prefersTheBodyToTheQuery() {
    TestApi.Response one = api.post(LOGIN, "{\"device_id\":\"of the body\"}");
    TestApi.Response two = api.post(LOGIN + "?device_id=other", "{\"device_id\":\"of the body\"}");
    assertThat(two.data().getLong("user_id")).isEqualTo(one.data().getLong("user_id"));
  }

  @Test
  void ignoresABodyOfAnotherContentType() {
    assertThat(form("text/plain", "{\"device_id\":\"x\"}").statusCode()).isEqualTo(400);
    assertThat(form("application/vnd.game+json", "{\"device_id\":\"x\"}").statusCode())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "{\"device_id\":\"x\"} x",
        "nope",
        " ",
        "{\"device_id\":\"x\",}",
        "{'a':1}",
        "\"\\ud8\""
      })
  void rejectsMalformedJson(String body) {
    assertThat(api.post(LOGIN, body).status()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "[1,2]", "\"text\"", "12", "null", "true"})
  void treatsJsonThatIsNotAnObjectAsNoFields(String body) {
    assertThat(api.post(LOGIN, body).toString())
        .isEqualTo("400 {\"errors\":{\"detail\":\"Bad Request\"}}");
  }

  @Test
  void rejectsDeeplyNestedJson() {
    String deep = "{\"a\":".repeat(5_000) + "1" + "}".repeat(5_000);
    assertThat(api.post(LOGIN, deep).status()).isEqualTo(400);
  }

  @Test
  void rejectsABodyOfMoreThanOneMebibyte() {
    String large = "{\"device_id\":\"" + "x".repeat(1 << 20) + "\"}";
    assertThat(api.post(LOGIN, large).status()).isEqualTo(413);
  }

  @Test
  void rejectsAnInvalidPercentEncoding() {
    assertThat(rawGet("/api/v1/users?q=%zz")).startsWith("HTTP/1.1 400");
  }

  /** Sends the request over a plain socket, because the HTTP client of the JDK refuses to. */
  private static String rawGet(String path) {
    try (var socket = new Socket("127.0.0.1", api.node().port())) {
      socket
          .getOutputStream()
          .write(
              ("GET " + path + " HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Test
  void overridesTheMethodOfAPost() {
    TestApi.Guest ann = api.guest();
    var renamed =
        api.node()
            .post(
                "/api/v1/me/display_name",
                "{\"_method\":\"PATCH\",\"display_name\":\"Ann\"}",
                "authorization",
                "Bearer " + ann.token());
    assertThat(renamed.statusCode()).isEqualTo(200);
    assertThat(new JsonObject(renamed.body()).getString("display_name")).isEqualTo("Ann");
    assertThat(api.node().post("/api/v1/health", "{\"_method\":\"DELETE\"}").statusCode())
        .isEqualTo(404);
    assertThat(api.node().post(LOGIN, "{\"_method\":\"GET\"}").statusCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*/*",
        "application/json",
        "application/*",
        "text/html, application/json;q=0.5",
        ""
      })
  void acceptsRequestsThatAcceptJson(String accept) {
    String[] header = accept.isEmpty() ? new String[0] : new String[] {"accept", accept};
    assertThat(api.get("/api/v1/health", header).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/html", "image/png", "application/xml"})
  void rejectsRequestsThatDoNotAcceptJson(String accept) {
    assertThat(api.get("/api/v1/health", "accept", accept).status()).isEqualTo(406);
    assertThat(api.get("/api/v1/health?_format=json", "accept", accept).status()).isEqualTo(200);
  }

  @Test
  void framesErrorsBeforeARouteByTheAcceptHeader() {
    assertThat(api.node().get("/api/v1/nowhere", "accept", "application/json").body())
        .isEqualTo("{\"errors\":{\"detail\":\"Not Found\"}}");
    assertThat(api.node().get("/api/v1/nowhere").body()).isEqualTo("Not Found");
    assertThat(api.node().get("/api/nowhere").statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Basic YTpi", "Bearer", "Token x"})
  void treatsAHeaderWithoutBearerAsNoToken(String header) {
    String[] headers = header.isEmpty() ? new String[0] : new String[] {"authorization", header};
    assertThat(api.get("/api/v1/me", headers).toString())
        .isEqualTo("401 {\"error\":\"Authentication required\"}");
  }

  @Test
  void rejectsEverythingButAValidAccessToken() {
    TestApi.Guest ann = api.guest();
    for (String token : new String[] {"x", "a.b.c", ann.refreshToken(), ann.token() + "x"}) {
      assertThat(api.get("/api/v1/me", "authorization", "Bearer " + token).toString())
          .isEqualTo("401 {\"error\":\"Invalid authentication token\"}");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer ", "bearer ", "BEARER: ", "Bearer:   "})
  void acceptsBearerInAnyCase(String word) {
    TestApi.Guest ann = api.guest();
    assertThat(api.get("/api/v1/me", "authorization", word + ann.token()).status()).isEqualTo(200);
  }

  private static HttpResponse<String> form(String type, String body) {
    return api.node()
        .send(
            HttpRequest.newBuilder(api.node().uri(LOGIN))
                .header("content-type", type)
                .POST(BodyPublishers.ofString(body))
                .build());
  }
}

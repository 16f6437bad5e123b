package dev.rookery.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.LoggedErrors;
import dev.rookery.testkit.TestNode;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a request ends, and that nobody can hide a second one in its body. */
final class RequestFramingTest {
  private static final String HIDDEN = "GET /health/live HTTP/1.1\r\nhost: a\r\n\r\n";
  private static final String CHUNKED =
      "POST /api/v1/login/device HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n";
  private static TestNode node;

  @BeforeAll
  static void start() {
    node = TestNode.start();
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "transfer-encoding: chunked, chunked",
        "transfer-encoding: xchunked",
        "transfer-encoding: chunkedx",
        "transfer-encoding: identity, chunked",
        "transfer-encoding: chunked, identity",
        "transfer-encoding: identity",
        "transfer-encoding: gzip, chunked",
        "transfer-encoding: gzip",
        "transfer-encoding: chunked;q=1",
        "transfer-encoding: \"chunked\"",
        "transfer-encoding: ,chunked",
        "transfer-encoding:",
        "transfer-encoding: \tChUnKeD \t",
        "transfer-encoding: \u000bchunked",
        "transfer-encoding: chunked\u000c",
        "transfer-encoding : chunked",
        "transfer-encoding:\r\n xchunked",
        "transfer-encoding: chunked\r\ntransfer-encoding: chunked",
        "transfer-encoding: chunked\r\ntransfer-encoding: identity",
        "Transfer-Encoding: identity\r\ntransfer-encoding: chunked",
        "transfer-encoding: chunked\r\ncontent-length: 3",
        "content-length: 3\r\ntransfer-encoding: chunked",
        "content-length: 3\r\ntransfer-encoding: xchunked",
        "content-length: 3\r\ntransfer-encoding: identity",
        "content-length: 3\r\ncontent-length: 3",
        "content-length: 3\r\nContent-Length: 4",
        "content-length: 3, 3",
        "content-length: 3,4",
        "content-length: +3",
        "content-length: -3",
        "content-length: 0x3",
        "content-length: 3 3",
        "content-length: ",
      })
  void anAmbiguousLengthIsRefusedAndTheConnectionClosed(String headers) throws IOException {
    for (String version : new String[] {"HTTP/1.1", "HTTP/1.0"}) {
      String answer = send("POST /api/v1/login/device " + version + "\r\nhost: a\r\n" + headers);
      assertThat(answer).startsWith(version + " 400 ").doesNotContain("\"live\"");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"transfer-encoding: chunked", "Transfer-Encoding:chunked  "})
  void aChunkedBodyIsReadAndTheNextRequestAnswered(String header) throws IOException {
    String answer = send("POST /api/v1/login/device HTTP/1.1\r\nhost: a\r\n" + header);
    assertThat(answer).contains("x-request-time").contains("{\"status\":\"live\"}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0x2",
        "+2",
        "-2",
        "f0000002",
        "zz",
        "2\n",
        "2;\n",
        "",
        "100000002",
        "10000000000000002",
        "80000000",
        "00000000000000002",
        "2 ",
        " 2",
        "2 a",
        "2,3",
        "2;a\r=b",
        "2;a\0=b",
      })
  void aMalformedChunkEndsTheConnectionAndIsNoErrorOfTheServer(String size) throws IOException {
    try (var errors = new LoggedErrors()) {
      String answer = exchange(CHUNKED + size + "\r\n{}\r\n0\r\n\r\n" + HIDDEN);
      assertThat(answer).doesNotContain("\"live\"").doesNotContain(" 500 ");
      assertThat(errors.messages()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2;a",
        "2;a=b",
        "2;a=\"b;\tc\"",
        "2 ; a = b",
        "2;a;b=c",
        "2;",
        "02",
        "0000000000000002",
        "2;a=bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
      })
  void anExtensionOfAChunkIsIgnored(String line) throws IOException {
    String answer = exchange(CHUNKED + line + "\r\n{}\r\n0;last\r\n\r\n" + HIDDEN);
    assertThat(answer).startsWith("HTTP/1.1 4").contains("x-request-time").contains("\"live\"");
  }

  @Test
  void theExtensionsOfABodyHaveABound() throws IOException {
    String one = "1;a=" + "b".repeat(400) + "\r\n \r\n";
    assertThat(exchange(CHUNKED + one.repeat(5) + "0\r\n\r\n" + HIDDEN)).contains("\"live\"");
    assertThat(exchange(CHUNKED + one.repeat(20) + "0\r\n\r\n" + HIDDEN))
        .doesNotContain("\"live\"");
    String tooLong = "1;a=" + "b".repeat(600) + "\r\n \r\n";
    assertThat(exchange(CHUNKED + tooLong + "0\r\n\r\n" + HIDDEN)).doesNotContain("\"live\"");
  }

  @Test
  void aChunkedBodyIsReadInWhateverPiecesItArrives() throws IOException {
    String body = "c;x=y\r\n{\"device_id\"\r\n5\r\n:\"x\"}\r\n000\r\nx: y\r\n\r\n";
    for (int piece : new int[] {1, 2, 3, 7}) {
      String answer = exchange(CHUNKED + body + CHUNKED + body + HIDDEN, piece);
      assertThat(answer.split("x-request-time", -1)).hasSize(4);
      assertThat(answer).contains("\"live\"");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "host: a\r\nhost: a\r\n",
        "host: a\r\nHost: b\r\n",
        "host: a, b\r\n",
        "host: a b\r\n",
        "host: a/b\r\n",
        "host: http://a\r\n",
        "host: u@a\r\n",
        "host: a:x\r\n",
        "host: a:65536\r\n",
        "host: a:1:2\r\n",
        "host: [::1\r\n",
        "host: ::1\r\n",
        "host: a\u00e4\r\n",
        "host: a\\b\r\n",
        "host: a?b\r\n",
        "host: a#b\r\n",
        "host: <a>\r\n",
        "host: :80\r\n",
      })
  void anInvalidHostIsABadRequestInEachVersion(String headers) throws IOException {
    for (String version : new String[] {"HTTP/1.1", "HTTP/1.0"}) {
      assertThat(exchange("GET /health/live " + version + "\r\n" + headers + "\r\n"))
          .startsWith(version + " 400 ");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "host:\r\n"})
  void onlyARequestOfTheFirstVersionNeedsNoHost(String headers) throws IOException {
    assertThat(exchange("GET /health/live HTTP/1.1\r\n" + headers + "\r\n"))
        .startsWith("HTTP/1.1 400 ");
    assertThat(exchange("GET /health/live HTTP/1.0\r\n" + headers + "\r\n"))
        .startsWith("HTTP/1.0 200 ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "A.example:4000",
        "game_db",
        "xn--bcher-kva.example.",
        "127.0.0.1:80",
        "[::1]:4000",
        "[fe80::1%25eth0]",
        "a:",
      })
  void hostsOfAllKindsAreAccepted(String host) throws IOException {
    for (String version : new String[] {"HTTP/1.1", "HTTP/1.0"}) {
      assertThat(exchange("GET /health/live " + version + "\r\nhost: " + host + "\r\n\r\n"))
          .startsWith(version + " 200 ");
    }
  }

  @Test
  void aMalformedTrailerIsNoErrorOfTheServer() throws IOException {
    try (var errors = new LoggedErrors()) {
      String answer = exchange(CHUNKED + "2\r\n{}\r\n0\r\nx\0: y\r\n\r\n");
      assertThat(answer).doesNotContain(" 500 ");
      assertThat(errors.messages()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=\"",
        "multipart/form-data; boundary=a; charset=none",
        "multipart/form-data; charset=\"; boundary=a",
      })
  void aFormWhoseTypeIsMalformedIsABadRequest(String type) throws IOException {
    String part = "--a\r\ncontent-disposition: form-data; name=\"device_id\"\r\n\r\nx\r\n--a--\r\n";
    try (var errors = new LoggedErrors()) {
      assertThat(exchange(form(type, part))).startsWith("HTTP/1.1 400 ");
      assertThat(errors.messages()).isEmpty();
    }
  }

  @Test
  void aMalformedPartOfAFormIsNoErrorOfTheServer() throws IOException {
    String part =
        "--a\r\n"
            + "content-disposition: form-data; name=\"x\"\r\n"
            + "content-type: multipart/mixed\r\n\r\n"
            + "y\r\n"
            + "--a--\r\n";
    try (var errors = new LoggedErrors()) {
      String answer = exchange(form("multipart/form-data; boundary=a", part));
      assertThat(answer).doesNotContain(" 500 ");
      assertThat(errors.messages()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a=%zz", "a%f=b", "a=b&c=%"})
  void aFormThatCannotBeDecodedIsCountedAsABadRequest(String body) throws IOException {
    long refused = counted(400);
    long served = counted(200);
    assertThat(exchange(form("application/x-www-form-urlencoded", body)))
        .startsWith("HTTP/1.1 400 ");
    Eventually.holds(() -> counted(400) == refused + 1);
    assertThat(counted(200)).isEqualTo(served);
  }

  /** Sign-ins that the metrics count with this status. */
  private static long counted(int status) {
    return node.get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith("rookery_http_requests_seconds_count{"))
        .filter(line -> line.contains("method=\"POST\""))
        .filter(line -> line.contains("status=\"" + status + "\""))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  private static String form(String type, String body) {
    return "POST /api/v1/login/device HTTP/1.1\r\nhost: a\r\ncontent-type: "
        + type
        + "\r\ncontent-length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  /** Sends the head, a chunked body, and another request behind it. */
  private static String send(String head) throws IOException {
    return exchange(head + "\r\n\r\n2\r\n{}\r\n0\r\n\r\n" + HIDDEN);
  }

  /** Sends these bytes, and returns all that the server answers until it closes. */
  private static String exchange(String request) throws IOException {
    return exchange(request, request.length());
  }

  private static String exchange(String request, int piece) throws IOException {
    try (var socket = new Socket("127.0.0.1", node.port())) {
      socket.setSoTimeout(120_000);
      socket.setTcpNoDelay(true);
      byte[] bytes = request.getBytes(StandardCharsets.ISO_8859_1);
      for (int i = 0; i < bytes.length; i += piece) {
        socket.getOutputStream().write(bytes, i, Math.min(piece, bytes.length - i));
      }
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}

package dev.rookery.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.PhoenixClient;
import dev.rookery.testkit.RawSocket;
import dev.rookery.testkit.RestPlayer;
import dev.rookery.testkit.TestNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How many connections clients have, what they do with them, and what is read of requests. */
final class ConnectionLimitsTest {
  private static final String PHOENIX = "/socket/websocket?vsn=2.0.0";
  private static final String RELAY = "/ws";

  private static TestNode node;

  @BeforeAll
  static void start() {
    node = node();
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static TestNode node(String... settings) {
    var environment = new HashMap<String, String>();
    for (int i = 0; i < settings.length; i += 2) {
      environment.put(settings[i], settings[i + 1]);
    }
    return TestNode.start(Databases.sqlite(), environment);
  }

  @ParameterizedTest
  @ValueSource(strings = {PHOENIX, RELAY})
  void closesStrangersThatUseTheirSocketForNothing(String path) throws Exception {
    try (var node = node("ROOKERY_SOCKETS_UNUSED_TIMEOUT", "2s");
        var seated = RawSocket.open(node.port(), RELAY).sendText("* used_1");
        var joined = RawSocket.open(node.port(), PHOENIX).sendText(join("lobbies"));
        var signedIn =
            RawSocket.open(
                node.port(),
                PHOENIX
                    + "&token="
                    + RestPlayer.signIn(TestNode.client(), node.uri("/"), "ann").token());
        var unused = RawSocket.open(node.port(), path)) {
      assertThat(joined.receiveText()).contains("\"ok\"");
      unused.sendText(path.equals(RELAY) ? "* _1" : heartbeat());
      assertThat(unused.receiveCloseCode()).isEqualTo(1008);

      for (RawSocket used : new RawSocket[] {joined, signedIn}) {
        assertThat(used.sendText(heartbeat()).receiveText()).contains("\"ok\"");
      }
      assertThat(seated.hasPending()).isFalse();
      joined.sendText("[\"1\",\"2\",\"lobbies\",\"phx_leave\",{}]");
      assertThat(joined.receiveCloseCode()).isEqualTo(1008);
    }
  }

  private static String join(String topic) {
    return "[\"1\",\"1\",\"" + topic + "\",\"phx_join\",{}]";
  }

  private static String heartbeat() {
    return "[null,\"9\",\"phoenix\",\"heartbeat\",{}]";
  }

  @Test
  void aClientWithoutSeatSendsAtMostThreeHundredBytes() {
    try (var whole = RawSocket.open(node.port(), RELAY);
        var inParts = RawSocket.open(node.port(), RELAY);
        var unfinished = RawSocket.open(node.port(), RELAY);
        var seated = RawSocket.open(node.port(), RELAY).sendText("* long_1");
        var other = RawSocket.open(node.port(), RELAY).sendText("* long_0")) {
      assertThat(whole.sendText("x".repeat(301)).receiveCloseCode()).isEqualTo(1009);
      for (int i = 0; i < 4; i++) {
        inParts.sendText("x".repeat(100));
      }
      assertThat(inParts.receiveCloseCode()).isEqualTo(1009);
      byte[] partial = new byte[400];
      partial[0] = (byte) 0x82;
      partial[1] = (byte) 0xFE;
      partial[2] = 0x7F;
      assertThat(unfinished.sendBytes(partial).receiveCloseCode()).isEqualTo(1009);
      String big = "x".repeat(100_000);
      Eventually.holds(() -> other.sendText(big).sendText("*") != null && seated.hasPending());
      assertThat(seated.receiveText()).isEqualTo(big);
    }
  }

  @Test
  void socketsCountForTheirAddressOrTheirPlayer() throws Exception {
    try (var node =
            node("ROOKERY_SOCKETS_PER_ADDRESS_MAX", "3", "ROOKERY_SOCKETS_PER_PLAYER_MAX", "2");
        var _ = RawSocket.open(node.port(), PHOENIX);
        var _ = RawSocket.open(node.port(), RELAY)) {
      RawSocket first = RawSocket.open(node.port(), RELAY);
      for (String path : new String[] {PHOENIX, RELAY, "/_ws?token=none"}) {
        RawSocket refused = RawSocket.handshake(node.port(), path);
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.response()).containsIgnoringCase("retry-after: ");
      }
      var ann = RestPlayer.signIn(TestNode.client(), node.uri("/"), "ann");
      var bob = RestPlayer.signIn(TestNode.client(), node.uri("/"), "bob");
      try (var _ = PhoenixClient.connect(node.port(), ann.token());
          var _ = PhoenixClient.connect(node.port(), ann.token());
          var _ = PhoenixClient.connect(node.port(), bob.token())) {
        assertThat(RawSocket.handshake(node.port(), PHOENIX + "&token=" + ann.token()).status())
            .isEqualTo(429);
      }
      first.close();
      Eventually.holds(() -> RawSocket.handshake(node.port(), RELAY).status() == 101);
    }
  }

  @Test
  void idleConnectionsMakeRoomForNewOnes() throws IOException {
    try (var node = node("ROOKERY_HTTP_CONNECTIONS_MAX", "8")) {
      var idle = new ArrayList<Socket>();
      for (int i = 0; i < 40; i++) {
        idle.add(new Socket(InetAddress.getLoopbackAddress(), node.port()));
        assertThat(ask(node, "GET /api/v1/lobbies HTTP/1.1\r\nhost: a\r\n\r\n"))
            .startsWith("HTTP/1.1 200");
      }
      for (Socket socket : idle) {
        socket.close();
      }
    }
  }

  @Test
  void healthChecksAreAnsweredWhenAllConnectionsAreTaken() throws Exception {
    // Of four connections strangers get three.
    try (var node =
        node("ROOKERY_HTTP_CONNECTIONS_MAX", "4", "ROOKERY_SOCKETS_PER_ADDRESS_MAX", "9")) {
      var ann = RestPlayer.signIn(TestNode.client(), node.uri("/"), "ann");
      try (var _ = RawSocket.open(node.port(), RELAY);
          var _ = RawSocket.open(node.port(), RELAY);
          var _ = RawSocket.open(node.port(), RELAY)) {
        RawSocket stranger = RawSocket.handshake(node.port(), RELAY);
        assertThat(stranger.status()).isEqualTo(503);
        assertThat(stranger.response()).containsIgnoringCase("retry-after: ");
        stranger.close();
        try (var _ = PhoenixClient.connect(node.port(), ann.token())) {
          String refused = ask(node, "GET /api/v1/lobbies HTTP/1.1\r\nhost: a\r\n\r\n");
          assertThat(refused).startsWith("HTTP/1.1 503").containsIgnoringCase("retry-after: ");
          for (String path : new String[] {"/health/live", "/health/ready", "/api/v1/health"}) {
            assertThat(ask(node, "GET " + path + " HTTP/1.1\r\nhost: a\r\n\r\n"))
                .startsWith("HTTP/1.1 200");
          }
          assertThat(ask(node, "GET /metrics HTTP/1.1\r\nhost: a\r\n\r\n"))
              .contains("rookery_connections_limit 4.0")
              .contains("rookery_connections_refused_total{reason=\"strangers\"} 1.0");
        }
      }
    }
  }

  @Test
  void upgradesAndRegistrationsOfOneAddressAreLimited() {
    try (var node =
        node(
            "ROOKERY_RATE_LIMIT_ENABLED", "true",
            "ROOKERY_RATE_LIMIT_UPGRADES_LIMIT", "5",
            "ROOKERY_RATE_LIMIT_UPGRADES_WINDOW", "1d")) {
      try (var first = RawSocket.open(node.port(), RELAY).sendText("* a_1");
          var _ = RawSocket.open(node.port(), RELAY).sendText("* a_0");
          var _ = RawSocket.open(node.port(), PHOENIX)) {
        first.sendText("*");
        RawSocket refused = RawSocket.handshake(node.port(), RELAY);
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.response()).containsIgnoringCase("retry-after: ");
        assertThat(RawSocket.handshake(node.port(), PHOENIX + "&token=x").status()).isEqualTo(429);
      }
    }
    try (var node =
            node(
                "ROOKERY_RATE_LIMIT_ENABLED", "true",
                "ROOKERY_RATE_LIMIT_UPGRADES_LIMIT", "1",
                "ROOKERY_RATE_LIMIT_UPGRADES_WINDOW", "1d");
        var socket = RawSocket.open(node.port(), RELAY)) {
      assertThat(socket.sendText("* a_1").receiveCloseCode()).isEqualTo(1008);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "401 | POST /api/v1/lobbies",
        "401 | PATCH /api/v1/lobbies",
        "404 | POST /api/v1/nothing",
        "404 | POST /nothing",
        "413 | POST /api/v1/login",
        "413 | POST /auth/anonymous",
        "403 | POST /users/log-in",
        "404 | POST /auth/nobody/callback",
      })
  void aBodyIsNotReadBeforeItsSenderMayMakeTheRequest(String expected) throws IOException {
    String status = expected.substring(0, 3);
    String line = expected.substring(6);
    String head =
        line
            + " HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n"
            + "content-length: 1000000\r\nexpect: 100-continue\r\n\r\n";
    assertThat(ask(node, head)).startsWith("HTTP/1.1 " + status);
  }

  @Test
  void aClientThatMayMakeTheRequestIsAskedForItsBody() throws IOException {
    String body = "{\"username\":\"ann\"}";
    String head =
        "POST /auth/anonymous HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n"
            + "expect: 100-continue\r\nconnection: close\r\ncontent-length: "
            + body.length()
            + "\r\n\r\n";
    assertThat(ask(node, head + body))
        .startsWith("HTTP/1.1 100")
        .contains("HTTP/1.1 200")
        .containsOnlyOnce("HTTP/1.1 100");
  }

  @Test
  void requestsThatAreNotFinishedInTimeEnd() throws IOException {
    try (var node =
        node("ROOKERY_HTTP_BODY_TIMEOUT", "500ms", "ROOKERY_HTTP_HEADER_TIMEOUT", "500ms")) {
      String head =
          "POST /auth/anonymous HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n"
              + "content-length: 100\r\n\r\n{\"username\":";
      assertThat(ask(node, head)).startsWith("HTTP/1.1 408").containsIgnoringCase("close");
      assertThat(ask(node, "GET /api/v1/health HTTP/1.1\r\nhost: a")).isEmpty();
      assertThat(ask(node, "")).isEmpty();
      // The rest of a body that nobody waits for.
      assertThat(ask(node, "POST /nothing HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n\r\n"))
          .startsWith("HTTP/1.1 404");
    }
  }

  /** Sends bytes and reads until the response is there or the server closes the connection. */
  private static String ask(TestNode node, String request) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), node.port())) {
      socket.setSoTimeout(120_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
      var response = new ByteArrayOutputStream();
      byte[] part = new byte[65_536];
      int length;
      while (!isComplete(response.toString(StandardCharsets.UTF_8))
          && (length = socket.getInputStream().read(part)) >= 0) {
        response.write(part, 0, length);
      }
      return response.toString(StandardCharsets.UTF_8);
    }
  }

  /** Whether all of a response with a length has arrived, after any that asks to continue. */
  private static boolean isComplete(String response) {
    int begin = response.startsWith("HTTP/1.1 100") ? response.indexOf("\r\n\r\n") + 4 : 0;
    int body = response.indexOf("\r\n\r\n", begin) + 4;
    int at = response.toLowerCase(Locale.ROOT).indexOf("content-length: ", begin);
    if (body < 4 || at < 0 || at > body) {
      return false;
    }
    int length =
        Integer.parseInt(response.substring(at + 16, response.indexOf("\r\n", at)).strip());
    return response.getBytes(StandardCharsets.UTF_8).length
        >= response.substring(0, body).length() + length;
  }
}

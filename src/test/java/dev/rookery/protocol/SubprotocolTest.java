package dev.rookery.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.RawSocket;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens that come as a subprotocol of the upgrade, and the subprotocols that are confirmed. */
final class SubprotocolTest {
  private static final String PHOENIX = "/socket/websocket?vsn=2.0.0";
  private static final String BEARER = "base64url.bearer.phx.";
  private static final String HEADER = "sec-websocket-protocol: ";

  private static TestNode node;
  private static String token;
  private static long player;

  @BeforeAll
  static void start() {
    node = TestNode.start();
    JsonObject signedIn =
        new JsonObject(node.post("/api/v1/login/device", "{\"device_id\":\"a device\"}").body())
            .getJsonObject("data");
    token = signedIn.getString("access_token");
    player = signedIn.getLong("user_id");
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static String encoded(String text) {
    return BEARER
        + Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static void assertJoinsAsPlayer(RawSocket socket) {
    assertThat(socket.status()).isEqualTo(101);
    socket.sendText("[\"1\",\"1\",\"user:%d\",\"phx_join\",{}]".formatted(player));
    assertThat(socket.receiveText()).contains("\"status\":\"ok\"");
  }

  private static String confirmed(RawSocket socket) {
    return socket
        .response()
        .lines()
        .map(line -> line.toLowerCase(Locale.ROOT))
        .filter(line -> line.startsWith(HEADER))
        .map(line -> line.substring(HEADER.length()))
        .findFirst()
        .orElse("");
  }

  @Test
  void phoenixSocketsTakeTheTokenAndConfirmPhoenix() {
    String standard = encoded(token).replace('-', '+').replace('_', '/');
    String[][] offers = {
      {HEADER + "phoenix, " + encoded(token)},
      {HEADER + encoded(token) + ",phoenix"},
      {HEADER + "phoenix", HEADER + encoded(token)},
      {HEADER + "phoenix, " + standard + "=="},
    };
    for (String[] offer : offers) {
      try (var socket = RawSocket.handshake(node.port(), PHOENIX, offer)) {
        assertThat(confirmed(socket)).isEqualTo("phoenix");
        assertJoinsAsPlayer(socket);
      }
    }
  }

  @Test
  void tokenAmongSubprotocolsComesBeforeTheOneInTheUrl() {
    String offer = HEADER + "phoenix, " + encoded(token);
    try (var socket = RawSocket.handshake(node.port(), PHOENIX + "&token=stale", offer)) {
      assertJoinsAsPlayer(socket);
    }
    String stale = HEADER + "phoenix, " + encoded("stale");
    try (var socket = RawSocket.handshake(node.port(), PHOENIX + "&token=" + token, stale)) {
      assertThat(socket.status()).isEqualTo(403);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "%%%", "c3RhbGU", "ZXlKLi4u", "/////w"})
  void wrongTokenIsRefusedAsInTheUrl(String base64) {
    String offer = HEADER + "phoenix, " + BEARER + base64;
    try (var socket = RawSocket.handshake(node.port(), PHOENIX, offer)) {
      assertThat(socket.status()).isEqualTo(403);
    }
    try (var socket = RawSocket.handshake(node.port(), "/_ws", offer)) {
      assertThat(socket.status()).isEqualTo(101);
      assertThat(socket.receiveText())
          .contains(base64.isEmpty() ? "Token required" : "Invalid token");
    }
  }

  @Test
  void gameFlowSocketsTakeTheTokenToo() {
    for (String name : new String[] {"gameflow", "phoenix"}) {
      String offer = HEADER + name + ", " + encoded(token);
      try (var socket = RawSocket.handshake(node.port(), "/_ws", offer)) {
        assertThat(socket.status()).isEqualTo(101);
        assertThat(confirmed(socket)).isEqualTo(name);
        assertThat(socket.receiveText()).contains("\"type\":\"connected\"");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/socket/websocket?vsn=2.0.0, phoenix, phoenix",
    "/socket/websocket?vsn=2.0.0, 'graphql-ws, phoenix', phoenix",
    "/socket/websocket?vsn=2.0.0, graphql-ws, ''",
    "/socket/websocket?vsn=2.0.0, Phoenix, ''",
    "/_ws, gameflow, gameflow",
    "/_ws, phoenix, ''",
    "/ws, phoenix, ''",
    "/ws, anything, ''",
  })
  void subprotocolIsConfirmedOnlyIfTheServerKnowsIt(String path, String offer, String expected) {
    try (var socket = RawSocket.handshake(node.port(), path, HEADER + offer)) {
      assertThat(socket.status()).isEqualTo(101);
      assertThat(confirmed(socket)).isEqualTo(expected);
    }
  }
}

package dev.rookery.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Databases;
import dev.rookery.testkit.PhoenixClient;
import dev.rookery.testkit.RawSocket;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which origins may open WebSockets, and how sockets are authenticated. */
final class SocketOriginTest {
  private static TestNode node;

  @BeforeAll
  static void start() {
    node =
        TestNode.start(
            Databases.sqlite(), Map.of("ROOKERY_ENV", "production", "PHX_HOST", "game.example"));
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/socket/websocket", "/_ws?token=%s", "/ws"})
  void asvs_4_4_2_pagesOfOtherSitesOpenNoSocket(String path) {
    String asked = path.formatted(token());
    for (String origin :
        new String[] {"https://evil.example", "https://game.example.evil.example", "null"}) {
      try (var socket = RawSocket.handshake(node.port(), asked, "origin: " + origin)) {
        assertThat(socket.status()).as(origin).isEqualTo(403);
      }
    }
    try (var socket = RawSocket.handshake(node.port(), asked, "origin: https://game.example")) {
      assertThat(socket.status()).isEqualTo(101);
    }
  }

  @Test
  void asvs_4_4_3_asvs_4_4_4_socketsAreAuthenticatedByTokenAndNotByCookie() {
    String token = token();
    long id =
        new JsonObject(node.get("/api/v1/me", "authorization", "Bearer " + token).body())
            .getLong("id");
    try (var mine = PhoenixClient.connect(node.port(), token)) {
      assertThat(mine.join("user:" + id).isOk()).isTrue();
    }
    for (String cookie : new String[] {"rookery_session", "__Host-rookery_session"}) {
      String line = "cookie: " + cookie + "=" + token;
      try (var socket = RawSocket.handshake(node.port(), "/socket/websocket?vsn=2.0.0", line)) {
        assertThat(socket.status()).isEqualTo(101);
        socket.sendText("[\"1\",\"1\",\"user:%d\",\"phx_join\",{}]".formatted(id));
        assertThat(socket.receiveText()).contains("\"status\":\"error\"");
      }
    }
    // A token of an ended session opens no socket.
    node.send("DELETE", "/api/v1/logout", null, "authorization", "Bearer " + token);
    try (var ended = RawSocket.handshake(node.port(), "/socket/websocket?token=" + token)) {
      assertThat(ended.status()).isEqualTo(403);
    }
  }

  private static String token() {
    return new JsonObject(node.post("/api/v1/login/device", "{\"device_id\":\"a device\"}").body())
        .getJsonObject("data")
        .getString("access_token");
  }
}

package dev.rookery.bus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.NodeProcess;
import dev.rookery.testkit.TestNode;
import dev.rookery.transport.BusTls;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.junit5.VertxExtension;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is sent straight to the port of the event bus of a real node. */
@ExtendWith(VertxExtension.class)
@Timeout(300)
final class BusPortIT {
  private static final String NAME = "bus-port-" + ProcessHandle.current().pid();
  private static final String SECRET = "the secret of the node whose port is attacked in this test";
  private static final String ENDED_SESSIONS = "session/ended";
  private static final byte BUFFER_CODEC = 11;

  private final ClusterKeys keys = ClusterKeys.derive(NAME, SECRET, List.of());

  @Test
  void believesOnlyMessagesOfTheKeyAndEachOnce(Vertx vertx) throws Exception {
    try (var database = Databases.postgres();
        var node = start(database)) {
      String session = sessionOf(signIn(node));
      Buffer endsIt = Buffer.buffer(session);
      var attacker =
          new BundleSigner(
              ClusterKeys.derive(NAME, "guessed", List.of()).current(), new SecureRandom());
      var member = new BundleSigner(keys.current(), new SecureRandom());

      assertThat(sendInPlain(vertx, node, endsIt)).as("plain text").isTrue();
      assertThat(sendWithoutCertificate(vertx, node)).as("no certificate").isTrue();
      assertThat(messagesRefused(node)).isEqualTo(List.of(0.0, 0.0, 0.0));

      NetSocket link = connect(vertx, node);
      link.write(frame(endsIt));
      link.write(frame(Buffer.buffer()));
      link.write(frame(attacker.sign(ENDED_SESSIONS, endsIt)));
      // Signed for another address, and changed on its way.
      link.write(frame(member.sign("fanout/1", endsIt)));
      Buffer changed = member.sign(ENDED_SESSIONS, endsIt);
      changed.setByte(changed.length() - 1, (byte) 'x');
      link.write(frame(changed));
      Buffer once = member.sign(ENDED_SESSIONS, Buffer.buffer("another session"));
      link.write(frame(once));
      link.write(frame(once));
      link.write(frame(once));

      Eventually.holds(() -> messagesRefused(node).equals(List.of(2.0, 3.0, 2.0)));
      assertThat(node.get("/health/ready").statusCode()).isEqualTo(200);
    }
  }

  private TestNode start(Databases.TestDatabase database) {
    return TestNode.start(
        database.shared(),
        Map.of(
            "CLUSTER_ENABLED",
            "true",
            "CLUSTER_NAME",
            NAME,
            "CLUSTER_PORT",
            Integer.toString(NodeProcess.freePort()),
            "SECRET_KEY_BASE",
            SECRET));
  }

  /** Counts by reason: format, mac, replay. */
  private static List<Double> messagesRefused(TestNode node) {
    return Stream.of("format", "mac", "replay")
        .map("rookery_cluster_messages_refused_total{reason=\"%s\"}"::formatted)
        .map(node::metric)
        .toList();
  }

  private static boolean sendInPlain(Vertx vertx, TestNode node, Buffer body) throws Exception {
    return isClosed(vertx.createNetClient().connect(busPort(node), "127.0.0.1"), frame(body));
  }

  private static boolean sendWithoutCertificate(Vertx vertx, TestNode node) throws Exception {
    var options =
        new NetClientOptions().setSsl(true).setTrustAll(true).setHostnameVerificationAlgorithm("");
    return isClosed(
        vertx.createNetClient(options).connect(busPort(node), "127.0.0.1"), frame(Buffer.buffer()));
  }

  /** Whether the node closes the connection. */
  private static boolean isClosed(Future<NetSocket> connecting, Buffer frame) throws Exception {
    var closed = new CompletableFuture<Boolean>();
    // On the event loop, so that no close comes before its handler.
    connecting
        .onSuccess(
            socket -> {
              socket.closeHandler(_ -> closed.complete(true));
              socket.exceptionHandler(_ -> {});
              socket.write(frame);
            })
        .onFailure(closed::completeExceptionally);
    return closed.get(120, TimeUnit.SECONDS);
  }

  private NetSocket connect(Vertx vertx, TestNode node) throws Exception {
    var tls = BusTls.derive(keys);
    var options =
        new NetClientOptions()
            .setSsl(true)
            .setEnabledSecureTransportProtocols(BusTls.PROTOCOLS)
            .setHostnameVerificationAlgorithm("")
            .setKeyCertOptions(tls.identity())
            .setTrustOptions(tls.trusted());
    return vertx
        .createNetClient(options)
        .connect(busPort(node), "127.0.0.1")
        .await(120, TimeUnit.SECONDS);
  }

  /** A message as Vert.x sends it between nodes. */
  private static Buffer frame(Buffer body) {
    Buffer message =
        Buffer.buffer().appendByte((byte) 2).appendByte(BUFFER_CODEC).appendByte((byte) 1);
    appendText(message, ENDED_SESSIONS);
    appendText(message, "");
    appendText(message, "another node");
    message.appendInt(4).appendInt(body.length()).appendBuffer(body);
    return Buffer.buffer().appendInt(message.length()).appendBuffer(message);
  }

  private static void appendText(Buffer message, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    message.appendInt(bytes.length).appendBytes(bytes);
  }

  private static int busPort(TestNode node) {
    return ((VertxInternal) node.node().vertx()).clusterManager().getNodeInfo().port();
  }

  private static String signIn(TestNode node) {
    var answer = node.post("/api/v1/login/device", JsonObject.of("device_id", "a device").encode());
    return new JsonObject(answer.body()).getJsonObject("data").getString("access_token");
  }

  private static String sessionOf(String token) {
    byte[] claims = Base64.getUrlDecoder().decode(token.split("\\.")[1]);
    return new JsonObject(Buffer.buffer(claims)).getString("sid");
  }
}

package dev.rookery.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.NodeMetrics;
import dev.rookery.testkit.NodeProcess;
import dev.rookery.testkit.RawSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process with a small heap, and clients that send much and finish nothing. */
@Timeout(300)
final class ClientMemoryIT {
  private static final String SMALL_HEAP = "-Xmx160m";
  private static final int FRAME = 127 << 10;
  private static final Duration WITHIN = Duration.ofSeconds(60);

  @TempDir private Path folder;

  @Test
  void survivesThousandsOfUnfinishedFrames() throws Exception {
    try (var node = NodeProcess.start(folder.resolve("data"), Map.of(), SMALL_HEAP);
        var host = register(node, 1);
        var guest = register(node, 0)) {
      byte[] upgrade =
          ("GET /socket/websocket HTTP/1.1\r\nhost: a\r\nconnection: Upgrade\r\n"
                  + "upgrade: websocket\r\nsec-websocket-version: 13\r\n"
                  + "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII);
      var frame = ByteBuffer.allocate(upgrade.length + 14 + FRAME - 1);
      frame.put(upgrade).put((byte) 0x82).put((byte) 0xFF).putLong(FRAME).putInt(0);
      List<SocketChannel> attackers = send(node, 3_900, frame.position(frame.capacity()).flip());

      host.sendText("still here");
      assertThat(guest.receiveText()).isEqualTo("still here");
      assertServes(node);
      assertThat(metric(node, "rookery_memory_closes_total")).isPositive();
      assertThat(metric(node, "rookery_memory_used"))
          .isLessThan(1.1 * metric(node, "rookery_memory_limit"));
      close(attackers);
    }
  }

  @Test
  void survivesHundredsOfUnfinishedBodies() throws Exception {
    try (var node = NodeProcess.start(folder.resolve("data"), Map.of(), SMALL_HEAP)) {
      for (String path : List.of("/api/v1/login", "/auth/anonymous", "/users/log-in", "/nothing")) {
        for (String length : List.of("content-length: 1048576", "transfer-encoding: chunked")) {
          byte[] head =
              ("POST "
                      + path
                      + " HTTP/1.1\r\nhost: a\r\n"
                      + length
                      + "\r\n"
                      + "content-type: application/json\r\ncookie: _rookery_browser=x\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII);
          var body = ByteBuffer.allocate(head.length + (1 << 20));
          body.put(head).put("100000\r\n".getBytes(StandardCharsets.US_ASCII));
          close(send(node, 500, body.position(body.capacity() - 1).flip()));
        }
      }
      assertServes(node);
    }
  }

  /** Sends the same bytes on many connections at once, as far as the node takes them. */
  private static List<SocketChannel> send(NodeProcess node, int connections, ByteBuffer bytes)
      throws IOException {
    var open = new ArrayList<SocketChannel>();
    var unsent = new ArrayList<ByteBuffer>();
    for (int i = 0; i < connections; i++) {
      var channel = SocketChannel.open();
      channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), node.port()));
      channel.configureBlocking(false);
      open.add(channel);
      unsent.add(bytes.duplicate());
    }
    var deadline = Eventually.Deadline.in(WITHIN);
    boolean progress = true;
    for (int idle = 0; idle < 20; idle = progress ? 0 : idle + 1) {
      deadline.check();
      progress = false;
      for (int i = 0; i < connections; i++) {
        progress |= unsent.get(i).hasRemaining() && write(open.get(i), unsent.get(i));
      }
      if (!progress) {
        Eventually.pause();
      }
    }
    return open;
  }

  /** Writes what the connection takes; false if it takes nothing or was closed. */
  private static boolean write(SocketChannel channel, ByteBuffer bytes) {
    try {
      return channel.write(bytes) > 0;
    } catch (IOException closed) {
      bytes.position(bytes.limit());
      return false;
    }
  }

  private static void close(List<SocketChannel> channels) throws IOException {
    for (SocketChannel channel : channels) {
      channel.close();
    }
  }

  private static RawSocket register(NodeProcess node, int number) {
    return RawSocket.open(node.port(), "/ws").sendText("* room_" + number);
  }

  private static void assertServes(NodeProcess node) throws Exception {
    var client = HttpClient.newHttpClient();
    assertThat(
            client
                .send(
                    HttpRequest.newBuilder(node.uri("/health/ready")).build(),
                    BodyHandlers.ofString())
                .statusCode())
        .isEqualTo(200);
    var signIn =
        HttpRequest.newBuilder(node.uri("/auth/anonymous"))
            .POST(HttpRequest.BodyPublishers.ofString("{\"username\":\"ann\"}"))
            .build();
    assertThat(client.send(signIn, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
    assertThat(node.log()).doesNotContain("OutOfMemory").doesNotContain("ERROR");
  }

  private static double metric(NodeProcess node, String name) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(node.uri(NodeMetrics.path(name))).build(),
            BodyHandlers.ofString())
        .body()
        .lines()
        .filter(line -> line.startsWith(name))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}

package dev.rookery.edge;

import static dev.rookery.testkit.RawSocket.BINARY;
import static dev.rookery.testkit.RawSocket.CLOSE;
import static dev.rookery.testkit.RawSocket.CONTINUATION;
import static dev.rookery.testkit.RawSocket.PING;
import static dev.rookery.testkit.RawSocket.PONG;
import static dev.rookery.testkit.RawSocket.TEXT;

import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.RawSocket;
import io.vertx.core.Vertx;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Sockets that receive arbitrary bytes and frames. The Vertx is not that of a VertxExtension,
 * because jqwik runs properties without the extensions of JUnit Jupiter.
 */
final class ConnectionPropertiesTest {
  private static Vertx vertx;
  private static EchoServer server;

  @BeforeContainer
  static void serve() {
    vertx = Vertx.vertx();
    server = EchoServer.start(vertx);
  }

  @AfterContainer
  static void stop() {
    vertx.close().await();
  }

  private static RawSocket open(String... headers) {
    return RawSocket.open(server.port(), "/", headers);
  }

  @Property(tries = 60)
  void survivesAnyBytes(@ForAll @Size(max = 600) byte[] bytes, @ForAll boolean deflate) {
    try (RawSocket socket = deflate ? open(EchoServer.DEFLATE) : open()) {
      socket.sendBytes(bytes);
    }
    Eventually.holds(() -> server.sockets().count() == 0);
  }

  @Property(tries = 60)
  void survivesAnyFrames(@ForAll long seed) {
    var random = new Random(seed);
    int[] opcodes = {TEXT, BINARY, CONTINUATION, PING, PONG, CLOSE, 3, 11};
    try (RawSocket socket = open(EchoServer.DEFLATE)) {
      for (int frame = 0; frame < 20; frame++) {
        byte[] data =
            new byte[random.nextInt(4) == 0 ? random.nextInt(140_000) : random.nextInt(200)];
        random.nextBytes(data);
        int opcode = opcodes[random.nextInt(opcodes.length)];
        if (random.nextInt(5) == 0) {
          socket.sendDeflated(opcode, data);
        } else {
          socket.sendFrame(opcode, random.nextBoolean(), data);
        }
      }
    }
    Eventually.holds(() -> server.sockets().count() == 0);
  }
}

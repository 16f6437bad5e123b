package dev.rookery.edge;

import static dev.rookery.testkit.RawSocket.BINARY;
import static dev.rookery.testkit.RawSocket.CLOSE;
import static dev.rookery.testkit.RawSocket.CONTINUATION;
import static dev.rookery.testkit.RawSocket.PING;
import static dev.rookery.testkit.RawSocket.PONG;
import static dev.rookery.testkit.RawSocket.TEXT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.RawSocket;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Sockets of a real server that echoes what it receives. */
@ExtendWith(VertxExtension.class)
final class ConnectionTest {
  private static final int FRAME_MAX = EchoServer.FRAME_MAX;
  private static final String DEFLATE = EchoServer.DEFLATE;

  private static Vertx vertx;
  private static EchoServer server;

  @BeforeAll
  static void serve(Vertx shared) {
    vertx = shared;
    server = EchoServer.start(vertx);
  }

  private static RawSocket open(String... headers) {
    return RawSocket.open(server.port(), "/", headers);
  }

  @Test
  void passesMessagesOfEveryLength() {
    try (RawSocket socket = open()) {
      for (int length : new int[] {0, 1, 125, 126, 127, 65_535, 65_536, FRAME_MAX}) {
        String text = "x".repeat(length);
        assertThat(socket.sendText(text).receiveText()).isEqualTo(text);
      }
      byte[] bytes = {1, 2, 3};
      assertThat(socket.sendBinary(bytes).receive().data()).isEqualTo(bytes);
    }
  }

  @Test
  void receivesFramesSentTogetherWithTheHandshake() {
    byte[] frame = {(byte) 0x81, (byte) 0x82, 0, 0, 0, 0, 'h', 'i'};
    try (RawSocket socket = RawSocket.openWith(frame, server.port(), "/")) {
      assertThat(socket.receiveText()).isEqualTo("hi");
      assertThat(socket.sendText("and on").receiveText()).isEqualTo("and on");
    }
  }

  @Test
  void computesTheAcceptKeyOfTheRfcExample() {
    // The example of RFC 6455, section 1.3.
    assertThat(WebSocketHandshake.acceptKey("dGhlIHNhbXBsZSBub25jZQ=="))
        .isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  }

  @Test
  void rejectsARequestThatIsNotAnUpgrade() throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      var plain =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/")).build();

      assertThat(client.send(plain, BodyHandlers.discarding()).statusCode()).isEqualTo(400);
    }
  }

  @Test
  void sendsACloseFrameWhenTheServerCloses() {
    var closing = EchoServer.start(vertx);
    try (RawSocket socket = RawSocket.open(closing.port(), "/")) {
      socket.sendText("a").receiveText();

      closing.http().close().await();

      assertThat(socket.receiveCloseCode()).isEqualTo(1000);
      assertThat(socket.awaitEnd()).isTrue();
      Eventually.holds(() -> closing.sockets().count() == 0);
    }
  }

  @Test
  void assemblesFragmentsSplitWithinACharacter() {
    byte[] text = "grüße".getBytes(StandardCharsets.UTF_8);
    try (RawSocket socket = open()) {
      socket.sendFrame(TEXT, false, Arrays.copyOf(text, 3));
      socket.sendFrame(PING, true, new byte[] {7});
      socket.sendFrame(CONTINUATION, false, new byte[0]);
      socket.sendFrame(CONTINUATION, true, Arrays.copyOfRange(text, 3, text.length));

      assertThat(socket.receive().opcode()).isEqualTo(PONG);
      assertThat(socket.receiveText()).isEqualTo("grüße");
    }
  }

  @Test
  void answersAPingWithTheSamePayload() {
    try (RawSocket socket = open()) {
      var pong = socket.sendFrame(PING, true, new byte[] {4, 2}).receive();

      assertThat(pong.opcode()).isEqualTo(PONG);
      assertThat(pong.data()).containsExactly(4, 2);
    }
  }

  @Test
  void closesASocketThatSendsATooLongFrame() {
    try (RawSocket socket = open()) {
      assertThat(socket.sendText("x".repeat(FRAME_MAX + 1)).receiveCloseCode()).isEqualTo(1009);
      assertThat(socket.awaitEnd()).isTrue();
    }
  }

  @Test
  void closesASocketThatSendsTooManyBytesInFragments() {
    try (RawSocket socket = open()) {
      socket.sendFrame(BINARY, false, new byte[FRAME_MAX]);

      assertThat(socket.sendFrame(CONTINUATION, true, new byte[1]).receiveCloseCode())
          .isEqualTo(1009);
    }
  }

  @Test
  void closesASocketWhoseMessageInflatesBeyondTheLimit() {
    byte[] bomb = deflate(new byte[50 << 20]);
    try (RawSocket socket = open(DEFLATE)) {
      assertThat(bomb).hasSizeLessThan(FRAME_MAX);
      assertThat(socket.sendDeflated(TEXT, bomb).receiveCloseCode()).isEqualTo(1009);
    }
  }

  @Test
  void closesASocketThatSendsInvalidUtf8() {
    try (RawSocket socket = open()) {
      assertThat(socket.sendFrame(TEXT, true, new byte[] {'a', (byte) 0xC3}).receiveCloseCode())
          .isEqualTo(1007);
    }
  }

  @Test
  void closesASocketThatSendsInvalidDeflateData() {
    try (RawSocket socket = open(DEFLATE)) {
      assertThat(socket.sendDeflated(TEXT, new byte[] {-1, -1, -1, -1}).receiveCloseCode())
          .isEqualTo(1007);
    }
  }

  @Test
  void closesASocketThatViolatesTheWebSocketProtocol() {
    try (RawSocket unmasked = open();
        RawSocket reserved = open();
        RawSocket unexpectedContinuation = open();
        RawSocket unnegotiatedDeflate = open()) {
      assertThat(unmasked.sendBytes(new byte[] {(byte) 0x81, 1, 'a'}).receiveCloseCode())
          .isEqualTo(1002);
      assertThat(reserved.sendFrame(3, true, new byte[0]).receiveCloseCode()).isEqualTo(1002);
      assertThat(
              unexpectedContinuation.sendFrame(CONTINUATION, true, new byte[0]).receiveCloseCode())
          .isEqualTo(1002);
      assertThat(unnegotiatedDeflate.sendDeflated(TEXT, new byte[1]).receiveCloseCode())
          .isEqualTo(1002);
    }
  }

  @Test
  void closesAnIdleSocketAndKeepsOneThatPings() {
    try (RawSocket idle = open();
        RawSocket pinging = open()) {
      var deadline = Eventually.Deadline.in(Duration.ofSeconds(120));
      var ended = new CompletableFuture<Integer>();
      Thread.startVirtualThread(() -> ended.complete(idle.receiveCloseCode()));
      while (!ended.isDone()) {
        deadline.check();
        pinging.sendFrame(PING, true, new byte[0]).receive();
        Eventually.pause();
      }

      assertThat(ended.join()).isEqualTo(1002);
      assertThat(pinging.sendText("here").receiveText()).isEqualTo("here");
    }
  }

  @Test
  void closesASocketThatExceedsTheFrameRate() {
    try (RawSocket socket = open()) {
      var frames = new ByteArrayOutputStream();
      for (int frame = 0; frame < 3_000; frame++) {
        // An empty pong, which gets no answer, with a mask of zeros.
        frames.writeBytes(new byte[] {(byte) 0x8A, (byte) 0x80, 0, 0, 0, 0});
      }

      assertThat(socket.sendBytes(frames.toByteArray()).receiveCloseCode()).isEqualTo(1008);
    }
  }

  @Test
  void closesOnlyTheSocketThatReadsTooSlowly() {
    double before = server.meters().counter("rookery.sockets.overflows").count();
    try (RawSocket slow = open();
        RawSocket other = open()) {
      var deadline = Eventually.Deadline.in(Duration.ofSeconds(120));
      String big = "y".repeat(100_000);
      while (server.meters().counter("rookery.sockets.overflows").count() == before) {
        deadline.check();
        slow.sendText(big);
        assertThat(other.sendText("still here").receiveText()).isEqualTo("still here");
      }

      assertThat(other.sendText("and now").receiveText()).isEqualTo("and now");
      assertThat(slow.receiveCloseCode()).isEqualTo(1013);
    }
  }

  @Test
  void answersACloseFrameAndClosesTheConnection() {
    try (RawSocket socket = open()) {
      var answer = socket.sendFrame(CLOSE, true, new byte[] {3, (byte) 0xE8}).receive();

      assertThat(answer.closeCode()).isEqualTo(1000);
      assertThat(socket.awaitEnd()).isTrue();
    }
  }

  @Test
  void closesTheConnectionOfAClientThatDoesNotAnswerAClose() {
    try (RawSocket socket = open()) {
      socket.sendText("hello").receiveText();
      server.connections().forEach(connection -> connection.close(CloseReason.SESSION_ENDED));

      assertThat(socket.receiveCloseCode()).isEqualTo(4001);
      assertThat(socket.awaitEnd()).isTrue();
    }
  }

  @Test
  void closesASocketWhoseListenerThrows() {
    try (RawSocket socket = open()) {
      assertThat(socket.sendText("break").receiveCloseCode()).isEqualTo(1011);
    }
  }

  @Test
  void removesSocketsHoweverTheyClose() {
    try (RawSocket cut = open();
        RawSocket closed = open()) {
      cut.sendText("a").receiveText();
      closed.sendText("a").receiveText();
      closed.sendFrame(CLOSE, true, new byte[0]);
    }

    Eventually.holds(() -> server.connections().isEmpty() && server.sockets().count() == 0);
  }

  @Test
  void deflatesLongMessagesWithoutContextTakeover() throws DataFormatException {
    try (RawSocket socket = open(DEFLATE)) {
      assertThat(socket.response().toLowerCase(Locale.ROOT))
          .contains("permessage-deflate")
          .contains("server_no_context_takeover")
          .contains("client_no_context_takeover");
      String text = "a lot of the same ".repeat(1_000);
      for (int times = 0; times < 2; times++) {
        var received =
            socket.sendDeflated(TEXT, deflate(text.getBytes(StandardCharsets.UTF_8))).receive();

        assertThat(received.deflated()).isTrue();
        assertThat(received.data()).hasSizeLessThan(1_000);
        assertThat(inflate(received.data(), text.length())).isEqualTo(text);
      }
      assertThat(socket.sendText("short").receiveText()).isEqualTo("short");
    }
  }

  @Test
  void ignoresUnknownExtensions() {
    try (RawSocket socket =
        open("sec-websocket-extensions: x-squeeze; a=1, permessage-deflate; b=c")) {
      assertThat(socket.response().toLowerCase(Locale.ROOT))
          .doesNotContain("sec-websocket-extensions");
      assertThat(socket.sendText("plain").receiveText()).isEqualTo("plain");
    }
  }

  @Test
  void drainClosesAllSocketsAndRefusesNewOnes() {
    var drained = EchoServer.start(vertx);
    try (RawSocket cooperative = RawSocket.open(drained.port(), "/");
        RawSocket unresponsive = RawSocket.open(drained.port(), "/")) {
      cooperative.sendText("a").receiveText();
      unresponsive.sendText("a").receiveText();

      var closed = drained.sockets().closeAll(CloseReason.RESTART);

      assertThat(cooperative.receiveCloseCode()).isEqualTo(1012);
      cooperative.sendFrame(CLOSE, true, new byte[] {3, (byte) 0xF4});
      assertThat(unresponsive.receiveCloseCode()).isEqualTo(1012);
      closed.await();
      assertThat(drained.sockets().count()).isZero();
      try (RawSocket late = RawSocket.handshake(drained.port(), "/")) {
        assertThat(late.status()).isEqualTo(503);
      }
    }
  }

  private static byte[] deflate(byte[] plain) {
    var deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    deflater.setInput(plain);
    var out = new ByteArrayOutputStream();
    byte[] part = new byte[8_192];
    int length;
    do {
      length = deflater.deflate(part, 0, part.length, Deflater.SYNC_FLUSH);
      out.write(part, 0, length);
    } while (length == part.length);
    deflater.end();
    byte[] all = out.toByteArray();
    // Without the tail of a sync flush, which the protocol omits (RFC 7692, section 7.2.1).
    return Arrays.copyOf(all, all.length - 4);
  }

  private static String inflate(byte[] deflated, int length) throws DataFormatException {
    var inflater = new Inflater(true);
    inflater.setInput(deflated);
    byte[] plain = new byte[length + 1];
    int end = inflater.inflate(plain);
    inflater.end();
    return new String(plain, 0, end, StandardCharsets.UTF_8);
  }
}

package dev.rookery.edge;

import static dev.rookery.testkit.RawSocket.BINARY;
import static dev.rookery.testkit.RawSocket.CONTINUATION;
import static dev.rookery.testkit.RawSocket.PING;
import static dev.rookery.testkit.RawSocket.TEXT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.RawSocket;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What sockets of a real server may make it hold, each and together. */
@ExtendWith(VertxExtension.class)
final class MemoryBudgetTest {
  private static final int BUDGET = 1 << 20;
  private static final int HELD = 100_000;
  private static final Duration SHORT = Duration.ofSeconds(1);
  private static final Duration LONG = Duration.ofMinutes(1);

  private static SocketLimits limits(Duration message) {
    return limits(LONG, message);
  }

  private static SocketLimits limits(Duration idle, Duration message) {
    return new SocketLimits(EchoServer.FRAME_MAX, idle, 16 << 20, 100_000, 50_000, message, LONG);
  }

  static Stream<Arguments> ways() {
    Consumer<RawSocket> frame = socket -> socket.sendBytes(unfinishedFrame(HELD));
    Consumer<RawSocket> message = socket -> socket.sendFrame(BINARY, false, new byte[HELD]);
    Consumer<RawSocket> fragments =
        socket -> {
          socket.sendFrame(TEXT, false, new byte[1]);
          for (int i = 0; i < 100; i++) {
            socket.sendFrame(CONTINUATION, false, new byte[HELD / 100]);
          }
        };
    return Stream.of(
        Arguments.of("a frame", frame),
        Arguments.of("a message", message),
        Arguments.of("many fragments", fragments));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("ways")
  void closesTheSocketsThatHoldTheMost(String name, Consumer<RawSocket> begin, Vertx vertx) {
    var server = EchoServer.start(vertx, limits(LONG), BUDGET);
    int sockets = 3 * BUDGET / HELD;
    var large = new ArrayList<RawSocket>();
    try (RawSocket small = RawSocket.open(server.port(), "/")) {
      small.sendFrame(TEXT, false, "not ".getBytes(StandardCharsets.UTF_8));
      for (int i = 0; i < sockets; i++) {
        large.add(RawSocket.open(server.port(), "/"));
        begin.accept(large.getLast());
      }

      Eventually.holds(
          () -> closes(server) > BUDGET / HELD && used(server, "frames") <= 1.1 * BUDGET);
      Eventually.holds(() -> server.sockets().count() == 1 + sockets - (int) closes(server));
      // The close frames are on their way.
      Eventually.holds(
          () -> large.stream().filter(RawSocket::hasPending).count() == (long) closes(server));
      assertThat(large)
          .filteredOn(RawSocket::hasPending)
          .allMatch(socket -> socket.receiveCloseCode() == 1013);
      small.sendFrame(CONTINUATION, true, "closed".getBytes(StandardCharsets.UTF_8));
      assertThat(small.receiveText()).isEqualTo("not closed");
    } finally {
      large.forEach(RawSocket::close);
      Eventually.holds(() -> used(server, "frames") == 0 || server.sockets().count() == 0);
      server.http().close().await();
    }
  }

  @Test
  void countsWhatAClientDoesNotRead(Vertx vertx) {
    var server = EchoServer.start(vertx, limits(LONG), BUDGET);
    try (RawSocket slow = RawSocket.openWithSmallBuffer(server.port(), "/");
        RawSocket other = RawSocket.open(server.port(), "/")) {
      var deadline = Eventually.Deadline.in(Duration.ofSeconds(120));
      String big = "y".repeat(HELD);
      while (closes(server) == 0) {
        deadline.check();
        slow.sendText(big);
        assertThat(other.sendText("still here").receiveText()).isEqualTo("still here");
      }
      assertThat(server.meters().counter("rookery.memory.closes", "kind", "sending").count())
          .isEqualTo(1);
      Eventually.holds(() -> server.sockets().count() == 1);
    } finally {
      server.http().close().await();
    }
  }

  @Test
  void framesThatSocketsShareAreHeldOnce(Vertx vertx) {
    // Frames of this size are not merged with others, which would copy them on each event loop.
    int size = 100_000;
    int frames = 60;
    int budget = 24 << 20;
    var server = EchoServer.start(vertx, limits(Duration.ofMinutes(5), LONG), budget);
    List<RawSocket> sockets =
        IntStream.range(0, 30)
            .mapToObj(_ -> RawSocket.openWithSmallBuffer(server.port(), "/"))
            .toList();
    try {
      Eventually.holds(() -> server.connections().size() == sockets.size());
      for (int i = 0; i < frames; i++) {
        EncodedFrame frame = EncodedFrame.binary(new byte[size]);
        server.connections().forEach(connection -> connection.sendFromAnyThread(frame));
      }
      // Nobody reads before all of it is queued, which takes a different time on each machine.
      Eventually.holds(() -> sent(server) == frames * sockets.size());
      List<CompletableFuture<Long>> received =
          sockets.stream()
              .map(
                  socket ->
                      CompletableFuture.supplyAsync(
                          () ->
                              IntStream.range(0, frames)
                                  .filter(_ -> socket.receive().data().length == size)
                                  .count(),
                          Thread::startVirtualThread))
              .toList();
      assertThat(received).allSatisfy(count -> assertThat(count.join()).isEqualTo(frames));
      assertThat(closes(server)).isZero();
    } finally {
      sockets.forEach(RawSocket::close);
      server.http().close().await();
    }
  }

  @Test
  void closesASocketThatDoesNotFinishAMessage(Vertx vertx) {
    var server = EchoServer.start(vertx, limits(SHORT), BUDGET);
    try (RawSocket frame = RawSocket.open(server.port(), "/");
        RawSocket fragments = RawSocket.open(server.port(), "/");
        RawSocket whole = RawSocket.open(server.port(), "/")) {
      frame.sendBytes(unfinishedFrame(1_000));
      fragments.sendFrame(TEXT, false, new byte[] {'a'});
      var frameClosed = new CompletableFuture<Integer>();
      var fragmentsClosed = new CompletableFuture<Integer>();
      Thread.startVirtualThread(() -> frameClosed.complete(frame.receiveCloseCode()));
      Thread.startVirtualThread(() -> fragmentsClosed.complete(fragments.receiveCloseCode()));
      var deadline = Eventually.Deadline.in(Duration.ofSeconds(120));
      while (!frameClosed.isDone() || !fragmentsClosed.isDone()) {
        deadline.check();
        frame.sendBytes(new byte[1]);
        fragments.sendFrame(CONTINUATION, false, new byte[] {'b'});
        fragments.sendFrame(PING, true, new byte[0]);
        assertThat(whole.sendText("whole").receiveText()).isEqualTo("whole");
        Eventually.pause();
      }
      assertThat(frameClosed.join()).isEqualTo(1008);
      assertThat(fragmentsClosed.join()).isEqualTo(1008);
      assertThat(server.meters().counter("rookery.sockets.unfinished").count()).isEqualTo(2);
    } finally {
      server.http().close().await();
    }
  }

  @Test
  void closesASocketThatFloodsEmptyFragments(Vertx vertx) {
    var server = EchoServer.start(vertx, limits(LONG), BUDGET);
    try (RawSocket socket = RawSocket.open(server.port(), "/")) {
      socket.sendFrame(TEXT, false, "a".repeat(HELD).getBytes(StandardCharsets.UTF_8));
      for (int i = 0; i < 20_000; i++) {
        socket.sendFrame(CONTINUATION, false, new byte[0]);
      }
      assertThat(socket.receiveCloseCode()).isEqualTo(1008);
      assertThat(server.meters().counter("rookery.sockets.fragments.empty").count()).isPositive();
    } finally {
      server.http().close().await();
    }
  }

  private static byte[] unfinishedFrame(int sent) {
    return ByteBuffer.allocate(14 + sent)
        .put((byte) 0x82)
        .put((byte) 0xFF)
        .putLong(EchoServer.FRAME_MAX)
        .array();
  }

  private static double closes(EchoServer server) {
    return server.meters().find("rookery.memory.closes").counters().stream()
        .mapToDouble(counter -> counter.count())
        .sum();
  }

  private static double sent(EchoServer server) {
    return server.meters().counter("rookery.sockets.frames.out").count();
  }

  private static double used(EchoServer server, String kind) {
    return server.meters().get("rookery.memory.used").tag("kind", kind).gauge().value();
  }
}

package dev.rookery.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When what waits for the sockets of a loop goes out, and what memory it takes until then. */
final class FlushTest {
  private static final int BURST = 8;

  private final List<Line> lines = IntStream.range(0, 3).mapToObj(_ -> new Line()).toList();
  private final DefaultEventLoop eventLoop = new DefaultEventLoop();
  private final SocketLoop loop = new SocketLoop(eventLoop, SocketLimits.DEFAULTS);
  private final List<Outbox> outboxes = lines.stream().map(this::outbox).toList();

  @AfterEach
  void close() {
    eventLoop.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    lines.forEach(line -> line.channel.finishAndReleaseAll());
  }

  @Test
  void aBurstIsFlushedOnceOnEachSocketWhenTheLoopHasDoneAllThatWasDue() {
    var due = new CountDownLatch(1);
    eventLoop.execute(() -> await(due));
    for (int i = 0; i < BURST; i++) {
      Packet packet = packet("event " + i);
      eventLoop.execute(() -> putAll(packet));
    }
    due.countDown();
    onLoop(() -> {});
    onLoop(() -> {});

    assertThat(lines).extracting(line -> line.flushes).containsOnly(1);
    assertThat(lines)
        .extracting(line -> line.channel.outboundMessages().size())
        .containsOnly(BURST);
  }

  @Test
  void aBurstThatDoesNotEndIsFlushedAllTheSame() {
    Packet packet = packet("again");
    onLoop(
        () -> {
          outboxes.getFirst().put(packet);
          for (int i = 1; i < SocketLoop.UNFLUSHED_MAX; i++) {
            outboxes.get(i % lines.size()).put(packet);
          }
          assertThat(lines).extracting(line -> line.flushes).containsOnly(1);
        });
  }

  @Test
  void manyBytesAreFlushedAtOnce() {
    Packet packet = packet("x".repeat(70_000));
    onLoop(
        () -> {
          outboxes.getFirst().put(packet);
          assertThat(lines.getFirst().flushes).isEqualTo(1);
        });
  }

  @Test
  void socketsShareTheBytesOfAPacket() {
    Packet packet = packet("for all");
    onLoop(
        () -> {
          putAll(packet);
          putAll(packet);
        });
    onLoop(() -> {});

    var sent =
        lines.stream()
            .flatMap(line -> line.channel.outboundMessages().stream())
            .map(ByteBuf.class::cast)
            .toList();
    assertThat(sent).hasSize(6).allSatisfy(all -> assertThat(all).isEqualTo(sent.getFirst()));
    var roots = sent.stream().map(ByteBuf::unwrap).filter(root -> root != null).distinct().toList();
    assertThat(sent.stream().filter(ByteBuf::isDirect)).as("all but the first").hasSize(5);
    assertThat(roots.stream().map(System::identityHashCode).distinct()).hasSize(1);
  }

  @Test
  void packetsOfManySocketsAreCutFromTheSamePieces() {
    List<Packet> packets = IntStream.range(0, 5_000).mapToObj(i -> packet("number " + i)).toList();
    packets.forEach(Packet::frame);

    for (int i = 0; i < packets.size(); i++) {
      ByteBuf frame = packets.get(i).frame();
      assertThat(frame.toString(2, frame.readableBytes() - 2, StandardCharsets.UTF_8))
          .isEqualTo("number " + i);
    }
  }

  private void onLoop(Runnable work) {
    eventLoop.submit(work).syncUninterruptibly();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException stopped) {
      throw new AssertionError(stopped);
    }
  }

  private void putAll(Packet packet) {
    outboxes.forEach(outbox -> assertThat(outbox.put(packet)).isTrue());
  }

  private static Packet packet(String text) {
    return Packet.text(text.getBytes(StandardCharsets.UTF_8));
  }

  private Outbox outbox(Line line) {
    var meters = new SocketMeters(new SimpleMeterRegistry(), new Sockets());
    ChannelHandlerContext raw = line.channel.pipeline().context("encoder");
    return new Outbox(loop, SocketLimits.DEFAULTS, meters, raw, null);
  }

  /** The way to one client. */
  private static final class Line extends ChannelOutboundHandlerAdapter {
    private int flushes;
    private final EmbeddedChannel channel = new EmbeddedChannel();

    Line() {
      channel.pipeline().addLast(this).addLast("encoder", new ChannelOutboundHandlerAdapter());
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
      flushes++;
      ctx.flush();
    }
  }
}

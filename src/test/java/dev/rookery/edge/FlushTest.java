package dev.rookery.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Eventually;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When what waits for the sockets of a loop goes out, and what memory it takes until then. */
final class FlushTest {
  private static final int BURST = 8;

  private final List<Line> lines = IntStream.range(0, 12).mapToObj(_ -> new Line()).toList();
  private final DefaultEventLoop eventLoop = new DefaultEventLoop();
  private final EventLoopSockets loop = new EventLoopSockets(eventLoop, SocketLimits.DEFAULTS);
  private final List<SendQueue> outboxes = lines.stream().map(this::outbox).toList();

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
      EncodedFrame packet = packet("event " + i);
      eventLoop.execute(() -> putAll(packet));
    }
    due.countDown();
    onLoop(() -> {});
    onLoop(() -> {});

    assertThat(lines).extracting(line -> line.flushes).containsOnly(1);
    List<ByteBuf> sent = lines.stream().map(Line::only).toList();
    assertThat(texts(sent.getFirst()))
        .isEqualTo(IntStream.range(0, BURST).mapToObj(i -> "event " + i).toList());
    assertThat(sent).allSatisfy(one -> assertThat(one.unwrap()).isSameAs(sent.get(0).unwrap()));
  }

  @Test
  void aBurstIsFreeWhenItIsOnNoLineAnyMore() {
    onLoop(
        () -> {
          putAll(packet("one"));
          putAll(packet("two"));
        });
    onLoop(() -> {});
    List<ByteBuf> sent = lines.stream().map(Line::only).toList();

    assertThat(sent.getFirst().refCnt()).isEqualTo(lines.size());
    sent.forEach(ByteBuf::release);
    assertThat(sent.getFirst().refCnt()).isZero();
    lines.forEach(line -> line.channel.outboundMessages().clear());
  }

  @Test
  void socketsThatAreSentDifferentThingsShareWhatTheirBurstsBeginWith() {
    List<EncodedFrame> own =
        IntStream.range(0, lines.size()).mapToObj(i -> packet("own " + i)).toList();
    EncodedFrame common = packet("common");
    onLoop(
        () -> {
          for (int i = 0; i < outboxes.size(); i++) {
            outboxes.get(i).offer(common);
            outboxes.get(i).offer(own.get(i));
          }
        });
    onLoop(() -> {});

    for (int i = 0; i < lines.size(); i++) {
      assertThat(texts(lines.get(i).only())).containsExactly("common", "own " + i);
    }
  }

  @Test
  void moreThanMayLieTogetherGoesOutAllTheSame() {
    List<List<String>> wanted =
        lines.stream().map(_ -> (List<String>) new ArrayList<String>()).toList();
    onLoop(
        () -> {
          // Each round is more than a flush's worth for every socket, and no two are alike.
          for (int round = 0; round < 15; round++) {
            for (int i = 0; i < outboxes.size(); i++) {
              for (int part = 0; part < 2; part++) {
                String text = round + " " + i + " " + part + " " + "x".repeat(30_000);
                wanted.get(i).add(text);
                outboxes.get(i).offer(packet(text));
              }
            }
          }
        });
    onLoop(() -> {});

    for (int i = 0; i < lines.size(); i++) {
      assertThat(lines.get(i).all().flatMap(one -> texts(one).stream()).toList())
          .isEqualTo(wanted.get(i));
    }
  }

  @Test
  void anIdleSocketKeepsNothingOfWhatWasSent() {
    WeakReference<EncodedFrame> sent = sendAndForget();

    Eventually.holds(
        () -> {
          System.gc();
          return sent.refersTo(null);
        });
  }

  private WeakReference<EncodedFrame> sendAndForget() {
    EncodedFrame packet = packet("for all");
    onLoop(
        () -> {
          putAll(packet);
          putAll(packet("more"));
        });
    onLoop(() -> {});
    lines.forEach(line -> line.channel.releaseOutbound());
    return new WeakReference<>(packet);
  }

  @Test
  void whatWasPutComesBeforeWhatIsWrittenPastIt() {
    onLoop(
        () -> {
          outboxes.getFirst().offer(packet("first"));
          outboxes.getFirst().writePending();
          lines.getFirst().channel.write(Unpooled.copiedBuffer("second", StandardCharsets.UTF_8));
        });
    onLoop(() -> {});

    assertThat(lines.getFirst().all().map(one -> one.toString(StandardCharsets.UTF_8)))
        .satisfiesExactly(
            one -> assertThat(one).endsWith("first"), two -> assertThat(two).isEqualTo("second"));
  }

  @Test
  void aBurstThatDoesNotEndIsFlushedAllTheSame() {
    EncodedFrame packet = packet("again");
    onLoop(
        () -> {
          for (int i = 1; i < EventLoopSockets.UNFLUSHED_MAX; i++) {
            assertThat(outboxes.get(i % lines.size()).offer(packet)).isTrue();
          }
          List<Integer> before = lines.stream().map(line -> line.flushes).toList();
          outboxes.getFirst().offer(packet);
          assertThat(lines)
              .extracting(line -> line.flushes)
              .isEqualTo(before.stream().map(flushes -> flushes + 1).toList());
        });
  }

  @Test
  void manyBytesAreFlushedAtOnce() {
    EncodedFrame packet = packet("x".repeat(70_000));
    onLoop(
        () -> {
          outboxes.getFirst().offer(packet);
          assertThat(lines.getFirst().flushes).isEqualTo(1);
        });
  }

  @Test
  void socketsShareTheBytesOfAPacketThatGoesAlone() {
    EncodedFrame packet = packet("for all");
    onLoop(() -> putAll(packet));
    onLoop(() -> {});

    List<ByteBuf> sent = lines.stream().map(Line::only).toList();
    assertThat(sent).allSatisfy(one -> assertThat(texts(one)).containsExactly("for all"));
    assertThat(sent.stream().filter(ByteBuf::isDirect))
        .as("all but the first")
        .hasSize(lines.size() - 1);
    assertThat(sent.get(1).unwrap()).isSameAs(sent.get(2).unwrap());
  }

  @Test
  void packetsOfManySocketsAreCutFromTheSamePieces() {
    List<EncodedFrame> packets =
        IntStream.range(0, 5_000).mapToObj(i -> packet("number " + i)).toList();
    packets.forEach(EncodedFrame::buffer);

    for (int i = 0; i < packets.size(); i++) {
      ByteBuf frame = packets.get(i).buffer();
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

  private void putAll(EncodedFrame packet) {
    outboxes.forEach(outbox -> assertThat(outbox.offer(packet)).isTrue());
  }

  private static EncodedFrame packet(String text) {
    return EncodedFrame.text(text.getBytes(StandardCharsets.UTF_8));
  }

  /** What text frames say. */
  private static List<String> texts(ByteBuf frames) {
    var texts = new ArrayList<String>();
    for (int at = frames.readerIndex(); at < frames.writerIndex(); ) {
      int length = frames.getByte(at + 1);
      int header = length == 126 ? 4 : 2;
      length = length == 126 ? frames.getUnsignedShort(at + 2) : length;
      texts.add(frames.toString(at + header, length, StandardCharsets.UTF_8));
      at += header + length;
    }
    return texts;
  }

  private SendQueue outbox(Line line) {
    var meters = new SocketMeters(new SimpleMeterRegistry(), new SocketRegistry());
    ChannelHandlerContext raw = line.channel.pipeline().context("encoder");
    return new SendQueue(loop, SocketLimits.DEFAULTS, meters, raw, null);
  }

  /** The way to one client. */
  private static final class Line extends ChannelOutboundHandlerAdapter {
    private int flushes;
    private final EmbeddedChannel channel = new EmbeddedChannel();

    Line() {
      channel.pipeline().addLast(this).addLast("encoder", new ChannelOutboundHandlerAdapter());
    }

    Stream<ByteBuf> all() {
      return channel.outboundMessages().stream().map(ByteBuf.class::cast);
    }

    ByteBuf only() {
      assertThat(channel.outboundMessages()).hasSize(1);
      return all().findFirst().orElseThrow();
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
      flushes++;
      ctx.flush();
    }
  }
}

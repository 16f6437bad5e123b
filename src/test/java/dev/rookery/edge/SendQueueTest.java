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

/** When queued frames are flushed, and which memory they share until then. */
final class SendQueueTest {
  private static final int FRAMES = 8;

  private final List<TestChannel> channels =
      IntStream.range(0, 12).mapToObj(_ -> new TestChannel()).toList();
  private final MemoryBudget memory = new MemoryBudget(1 << 20, new SimpleMeterRegistry());
  private final DefaultEventLoop eventLoop = new DefaultEventLoop();
  private final EventLoopSockets loop =
      new EventLoopSockets(eventLoop, SocketLimits.DEFAULTS, memory);
  private final List<SendQueue> queues = channels.stream().map(this::queue).toList();

  @AfterEach
  void close() {
    eventLoop.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    channels.forEach(channel -> channel.embedded.finishAndReleaseAll());
  }

  @Test
  void framesQueuedInOneEventLoopTurnAreFlushedOncePerSocket() {
    var due = new CountDownLatch(1);
    eventLoop.execute(() -> await(due));
    for (int i = 0; i < FRAMES; i++) {
      EncodedFrame frame = frame("event " + i);
      eventLoop.execute(() -> offerAll(frame));
    }
    due.countDown();
    onLoop(() -> {});
    onLoop(() -> {});

    assertThat(channels).extracting(channel -> channel.flushes).containsOnly(1);
    List<ByteBuf> sent = channels.stream().map(TestChannel::only).toList();
    assertThat(texts(sent.getFirst()))
        .isEqualTo(IntStream.range(0, FRAMES).mapToObj(i -> "event " + i).toList());
    assertThat(sent)
        .allSatisfy(buffer -> assertThat(buffer.unwrap()).isSameAs(sent.get(0).unwrap()));
  }

  @Test
  void aBatchIsReleasedWhenNoChannelReferencesIt() {
    onLoop(
        () -> {
          offerAll(frame("one"));
          offerAll(frame("two"));
        });
    onLoop(() -> {});
    List<ByteBuf> sent = channels.stream().map(TestChannel::only).toList();

    assertThat(sent.getFirst().refCnt()).isEqualTo(channels.size());
    sent.forEach(ByteBuf::release);
    assertThat(sent.getFirst().refCnt()).isZero();
    channels.forEach(channel -> channel.embedded.outboundMessages().clear());
  }

  @Test
  void socketsWithDifferentFramesKeepACommonPrefix() {
    List<EncodedFrame> distinct =
        IntStream.range(0, channels.size()).mapToObj(i -> frame("own " + i)).toList();
    EncodedFrame common = frame("common");
    onLoop(
        () -> {
          for (int i = 0; i < queues.size(); i++) {
            queues.get(i).offer(common);
            queues.get(i).offer(distinct.get(i));
          }
        });
    onLoop(() -> {});

    for (int i = 0; i < channels.size(); i++) {
      assertThat(texts(channels.get(i).only())).containsExactly("common", "own " + i);
    }
  }

  @Test
  void moreThanTheMaximumOfMergedBytesIsStillSent() {
    List<List<String>> expected =
        channels.stream().map(_ -> (List<String>) new ArrayList<String>()).toList();
    onLoop(
        () -> {
          // Each round exceeds the flush threshold of every socket, and no two frames are equal.
          for (int round = 0; round < 15; round++) {
            for (int i = 0; i < queues.size(); i++) {
              for (int part = 0; part < 2; part++) {
                String text = round + " " + i + " " + part + " " + "x".repeat(30_000);
                expected.get(i).add(text);
                queues.get(i).offer(frame(text));
              }
            }
          }
        });
    onLoop(() -> {});

    for (int i = 0; i < channels.size(); i++) {
      assertThat(channels.get(i).all().flatMap(buffer -> texts(buffer).stream()).toList())
          .isEqualTo(expected.get(i));
    }
  }

  @Test
  void anIdleSocketReferencesNoSentFrame() {
    WeakReference<EncodedFrame> sent = sendAndForget();

    Eventually.holds(
        () -> {
          System.gc();
          return sent.refersTo(null);
        });
  }

  private WeakReference<EncodedFrame> sendAndForget() {
    EncodedFrame frame = frame("for all");
    onLoop(
        () -> {
          offerAll(frame);
          offerAll(frame("more"));
        });
    onLoop(() -> {});
    channels.forEach(channel -> channel.embedded.releaseOutbound());
    return new WeakReference<>(frame);
  }

  @Test
  void queuedFramesPrecedeDirectWrites() {
    onLoop(
        () -> {
          queues.getFirst().offer(frame("first"));
          queues.getFirst().writePending();
          channels
              .getFirst()
              .embedded
              .write(Unpooled.copiedBuffer("second", StandardCharsets.UTF_8));
        });
    onLoop(() -> {});

    assertThat(channels.getFirst().all().map(buffer -> buffer.toString(StandardCharsets.UTF_8)))
        .satisfiesExactly(
            text -> assertThat(text).endsWith("first"),
            text -> assertThat(text).isEqualTo("second"));
  }

  @Test
  void manyQueuedFramesAreFlushedWithinAnEventLoopTurn() {
    EncodedFrame frame = frame("again");
    onLoop(
        () -> {
          for (int i = 1; i < EventLoopSockets.UNFLUSHED_MAX; i++) {
            assertThat(queues.get(i % channels.size()).offer(frame)).isTrue();
          }
          List<Integer> before = channels.stream().map(channel -> channel.flushes).toList();
          queues.getFirst().offer(frame);
          assertThat(channels)
              .extracting(channel -> channel.flushes)
              .isEqualTo(before.stream().map(flushes -> flushes + 1).toList());
        });
  }

  @Test
  void manyQueuedBytesAreFlushedAtOnce() {
    EncodedFrame frame = frame("x".repeat(70_000));
    onLoop(
        () -> {
          queues.getFirst().offer(frame);
          assertThat(channels.getFirst().flushes).isEqualTo(1);
        });
  }

  @Test
  void socketsShareTheBytesOfASingleFrame() {
    EncodedFrame frame = frame("for all");
    onLoop(() -> offerAll(frame));
    onLoop(() -> {});

    List<ByteBuf> sent = channels.stream().map(TestChannel::only).toList();
    assertThat(sent).allSatisfy(buffer -> assertThat(texts(buffer)).containsExactly("for all"));
    assertThat(sent.stream().filter(ByteBuf::isDirect))
        .as("all but the first")
        .hasSize(channels.size() - 1);
    assertThat(sent.get(1).unwrap()).isSameAs(sent.get(2).unwrap());
  }

  @Test
  void framesAllocatedFromTheSameSlabAreIntact() {
    List<EncodedFrame> frames =
        IntStream.range(0, 5_000).mapToObj(i -> frame("number " + i)).toList();
    frames.forEach(EncodedFrame::buffer);

    for (int i = 0; i < frames.size(); i++) {
      ByteBuf frame = frames.get(i).buffer();
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

  private void offerAll(EncodedFrame frame) {
    queues.forEach(queue -> assertThat(queue.offer(frame)).isTrue());
  }

  private static EncodedFrame frame(String text) {
    return EncodedFrame.text(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The payloads of encoded text frames. */
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

  private SendQueue queue(TestChannel channel) {
    var meters = new SocketMeters(new SimpleMeterRegistry(), new SocketRegistry());
    ChannelHandlerContext context = channel.embedded.pipeline().context("encoder");
    return new SendQueue(loop, SocketLimits.DEFAULTS, meters, context, null);
  }

  /** An embedded channel that counts its flushes. */
  private static final class TestChannel extends ChannelOutboundHandlerAdapter {
    private int flushes;
    private final EmbeddedChannel embedded = new EmbeddedChannel();

    TestChannel() {
      embedded.pipeline().addLast(this).addLast("encoder", new ChannelOutboundHandlerAdapter());
    }

    Stream<ByteBuf> all() {
      return embedded.outboundMessages().stream().map(ByteBuf.class::cast);
    }

    ByteBuf only() {
      assertThat(embedded.outboundMessages()).hasSize(1);
      return all().findFirst().orElseThrow();
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
      flushes++;
      ctx.flush();
    }
  }
}

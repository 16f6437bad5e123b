package dev.rookery.edge;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be sent on one socket: a burst that is still growing, and the queue of the Netty
 * channel; together they are bounded. Packets go there as they are, past the encoder; only long
 * ones for a client that can inflate are encoded for it alone.
 */
final class SendQueue {
  private static final int FLUSH_BYTES = 65_536;

  private final EventLoopSockets loop;
  private final SocketLimits limits;
  private final SocketMeters meters;
  private final Channel channel;
  private final ChannelHandlerContext raw;
  private final @Nullable ChannelHandlerContext deflating;
  private @Nullable FrameBatch burst;
  private int unflushedBytes;
  private @Nullable Queue<Runnable> waiting;

  /**
   * @param raw from where a write reaches the line unencoded
   * @param deflating from where a frame is encoded and deflated; null if the client cannot inflate
   */
  SendQueue(
      EventLoopSockets loop,
      SocketLimits limits,
      SocketMeters meters,
      ChannelHandlerContext raw,
      @Nullable ChannelHandlerContext deflating) {
    this.loop = loop;
    this.limits = limits;
    this.meters = meters;
    this.channel = raw.channel();
    this.raw = raw;
    this.deflating = deflating;
  }

  /** Whether the packet was taken; if not, the client has too much to read already. */
  boolean put(EncodedFrame packet) {
    ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
    if (queue == null) {
      // Closed under us: there is nobody left to be slow.
      return true;
    }
    int bytes = burst == null ? 0 : burst.bytes();
    int packets = burst == null ? 0 : burst.packets();
    if (queue.totalPendingWriteBytes() + bytes + packet.size() > limits.queueBytesMax()
        || queue.size() + packets >= limits.queueFramesMax()) {
      return false;
    }
    if (deflating != null && packet.size() >= PerMessageDeflate.WORTH_IT) {
      handOver();
      deflating.write(encodable(packet), channel.voidPromise());
      meters.out(1, packet.size());
    } else {
      burst = (burst == null ? loop.none() : burst).with(packet);
    }
    if (unflushedBytes == 0) {
      loop.flushSoon(this);
    }
    unflushedBytes += packet.size();
    if (unflushedBytes >= FLUSH_BYTES) {
      flushNow();
    }
    loop.put();
    return true;
  }

  /** What was put so far comes before whatever is written past it from now on. */
  void handOver() {
    FrameBatch all = burst;
    if (all != null) {
      // Not the empty one of this flush: an idle socket would keep whatever others were sent in it.
      burst = null;
      if (channel.unsafe().outboundBuffer() != null) {
        raw.write(loop.frames(all, channel.alloc()), channel.voidPromise());
        meters.out(all.packets(), all.bytes());
      }
    }
  }

  /** The last packet, whatever waits before it; sent at once. */
  ChannelFuture end(EncodedFrame last) {
    handOver();
    return raw.writeAndFlush(last.frame());
  }

  private static WebSocketFrame encodable(EncodedFrame packet) {
    return packet.isText()
        ? new TextWebSocketFrame(packet.content())
        : new BinaryWebSocketFrame(packet.content());
  }

  boolean isRoomy() {
    return channel.isWritable() && waiting == null;
  }

  /** Runs {@code next} as soon as little is waiting here; at once, if that is so now. */
  void whenRoomy(Runnable next) {
    if (isRoomy()) {
      next.run();
      return;
    }
    if (waiting == null) {
      waiting = new ArrayDeque<>(1);
    }
    waiting.add(next);
    flushNow();
  }

  void roomy() {
    while (waiting != null && channel.isWritable()) {
      Runnable next = waiting.poll();
      if (waiting.isEmpty()) {
        waiting = null;
      }
      if (next != null) {
        next.run();
      }
    }
  }

  void flush() {
    if (unflushedBytes > 0) {
      flushNow();
    }
  }

  private void flushNow() {
    handOver();
    unflushedBytes = 0;
    raw.flush();
  }
}

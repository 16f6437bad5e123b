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
  private final ChannelHandlerContext rawContext;
  private final @Nullable ChannelHandlerContext deflateContext;
  private @Nullable FrameBatch pending;
  private int unflushedBytes;
  private @Nullable Queue<Runnable> writableCallbacks;

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
    this.rawContext = raw;
    this.deflateContext = deflating;
  }

  /** Whether the packet was taken; if not, the client has too much to read already. */
  boolean offer(EncodedFrame packet) {
    ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
    if (queue == null) {
      // Closed under us: there is nobody left to be slow.
      return true;
    }
    int bytes = pending == null ? 0 : pending.byteCount();
    int packets = pending == null ? 0 : pending.frameCount();
    if (queue.totalPendingWriteBytes() + bytes + packet.size() > limits.queueBytesMax()
        || queue.size() + packets >= limits.queueFramesMax()) {
      return false;
    }
    if (deflateContext != null && packet.size() >= PerMessageDeflate.BYTES_MIN) {
      writePending();
      deflateContext.write(toWebSocketFrame(packet), channel.voidPromise());
      meters.countSent(1, packet.size());
    } else {
      pending = (pending == null ? loop.emptyBatch() : pending).append(packet);
    }
    if (unflushedBytes == 0) {
      loop.scheduleFlush(this);
    }
    unflushedBytes += packet.size();
    if (unflushedBytes >= FLUSH_BYTES) {
      flushNow();
    }
    loop.countQueued();
    return true;
  }

  /** What was put so far comes before whatever is written past it from now on. */
  void writePending() {
    FrameBatch all = pending;
    if (all != null) {
      // Not the empty one of this flush: an idle socket would keep whatever others were sent in it.
      pending = null;
      if (channel.unsafe().outboundBuffer() != null) {
        rawContext.write(loop.buffer(all, channel.alloc()), channel.voidPromise());
        meters.countSent(all.frameCount(), all.byteCount());
      }
    }
  }

  /** The last packet, whatever waits before it; sent at once. */
  ChannelFuture writeLast(EncodedFrame last) {
    writePending();
    return rawContext.writeAndFlush(last.buffer());
  }

  private static WebSocketFrame toWebSocketFrame(EncodedFrame packet) {
    return packet.isText()
        ? new TextWebSocketFrame(packet.content())
        : new BinaryWebSocketFrame(packet.content());
  }

  boolean isWritable() {
    return channel.isWritable() && writableCallbacks == null;
  }

  /** Runs {@code next} as soon as little is waiting here; at once, if that is so now. */
  void whenWritable(Runnable next) {
    if (isWritable()) {
      next.run();
      return;
    }
    if (writableCallbacks == null) {
      writableCallbacks = new ArrayDeque<>(1);
    }
    writableCallbacks.add(next);
    flushNow();
  }

  void onWritable() {
    while (writableCallbacks != null && channel.isWritable()) {
      Runnable next = writableCallbacks.poll();
      if (writableCallbacks.isEmpty()) {
        writableCallbacks = null;
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
    writePending();
    unflushedBytes = 0;
    rawContext.flush();
  }
}

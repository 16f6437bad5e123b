package dev.rookery.edge;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be sent on one socket: the queue of the Netty channel, bounded. Packets go to it as
 * they are, past the encoder; only long ones for a client that can inflate are encoded for it
 * alone.
 */
final class Outbox {
  private static final int FLUSH_BYTES = 65_536;

  private final SocketLoop loop;
  private final SocketLimits limits;
  private final SocketMeters meters;
  private final Channel channel;
  private final ChannelHandlerContext raw;
  private final @Nullable ChannelHandlerContext deflating;
  private int unflushedBytes;
  private @Nullable Queue<Runnable> waiting;

  /**
   * @param raw from where a write reaches the line unencoded
   * @param deflating from where a frame is encoded and deflated; null if the client cannot inflate
   */
  Outbox(
      SocketLoop loop,
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
  boolean put(Packet packet) {
    ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
    if (queue == null) {
      // Closed under us: there is nobody left to be slow.
      return true;
    }
    if (queue.totalPendingWriteBytes() + packet.size() > limits.queueBytesMax()
        || queue.size() >= limits.queueFramesMax()) {
      return false;
    }
    if (deflating != null && packet.size() >= Deflate.WORTH_IT) {
      deflating.write(encodable(packet), channel.voidPromise());
    } else {
      raw.write(packet.frame(), channel.voidPromise());
    }
    meters.framesOut.increment();
    meters.bytesOut.increment(packet.size());
    if (unflushedBytes == 0) {
      loop.flushSoon(this);
    }
    unflushedBytes += packet.size();
    if (unflushedBytes >= FLUSH_BYTES) {
      flushNow();
    }
    loop.written();
    return true;
  }

  private static WebSocketFrame encodable(Packet packet) {
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
    unflushedBytes = 0;
    raw.flush();
  }
}

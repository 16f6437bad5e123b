package dev.rookery.loadtest;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * One socket of the baseline server; what is written in one iteration of the event loop is flushed
 * at its end.
 */
final class BaselineSocket {
  private static final int FLUSH_BYTES = 65_536;

  private final ChannelHandlerContext raw;
  private final ArrayDeque<BaselineSocket> unflushed;
  private int unflushedBytes;
  private @Nullable BaselineTopic topic;

  /**
   * @param unflushed the sockets that were written to in this iteration of the event loop
   */
  BaselineSocket(Channel channel, ArrayDeque<BaselineSocket> unflushed) {
    this.raw = channel.pipeline().context("wsencoder");
    this.unflushed = unflushed;
  }

  /** Writes a complete frame, shared by all receivers. */
  void send(byte[] frame) {
    raw.write(Unpooled.wrappedBuffer(frame), raw.voidPromise());
    if (unflushedBytes == 0) {
      if (unflushed.isEmpty()) {
        raw.executor().execute(() -> flush(unflushed));
      }
      unflushed.add(this);
    }
    unflushedBytes += frame.length;
    if (unflushedBytes >= FLUSH_BYTES) {
      unflushedBytes = 1;
      raw.flush();
    }
  }

  private static void flush(ArrayDeque<BaselineSocket> sockets) {
    for (BaselineSocket next = sockets.poll(); next != null; next = sockets.poll()) {
      next.unflushedBytes = 0;
      next.raw.flush();
    }
  }

  @Nullable BaselineTopic topic() {
    return topic;
  }

  void topic(BaselineTopic topic) {
    this.topic = topic;
  }
}

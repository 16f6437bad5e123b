package dev.rookery.edge;

import io.netty.buffer.ByteBuf;
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
 * The bounded queue of frames waiting to be sent on one WebSocket: the batch that is still growing,
 * plus the outbound buffer of the Netty channel. Frames are already encoded and bypass the encoder;
 * only long ones, for a client that negotiated compression, are encoded and deflated per
 * connection.
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
  private @Nullable MemoryAccount account;
  private int unflushedBytes;
  private int sharedBytes;
  private @Nullable Queue<Runnable> writableCallbacks;

  /**
   * @param rawContext writes from here bypass the WebSocket encoder
   * @param deflateContext writes from here are encoded and deflated; null without compression
   */
  SendQueue(
      EventLoopSockets loop,
      SocketLimits limits,
      SocketMeters meters,
      ChannelHandlerContext rawContext,
      @Nullable ChannelHandlerContext deflateContext) {
    this.loop = loop;
    this.limits = limits;
    this.meters = meters;
    this.channel = rawContext.channel();
    this.rawContext = rawContext;
    this.deflateContext = deflateContext;
  }

  /** Sets the account to which counts what the client does not read in time. */
  void countTo(MemoryAccount memory) {
    this.account = memory;
  }

  /** Queues a frame; false if the queue is full, because the client reads too slowly. */
  boolean offer(EncodedFrame frame) {
    ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
    if (queue == null) {
      // The channel is closed: nothing to send, and no slow client to report.
      return true;
    }
    int bytes = pending == null ? 0 : pending.byteCount();
    int frames = pending == null ? 0 : pending.frameCount();
    if (queue.totalPendingWriteBytes() + bytes + frame.size() > limits.queueBytesMax()
        || queue.size() + frames >= limits.queueFramesMax()) {
      return false;
    }
    if (deflateContext != null && frame.size() >= PerMessageDeflate.BYTES_MIN) {
      writePending();
      deflateContext.write(toWebSocketFrame(frame), channel.voidPromise());
      meters.countSent(1, frame.size());
    } else {
      pending = (pending == null ? loop.emptyBatch() : pending).append(frame);
    }
    if (unflushedBytes == 0) {
      loop.scheduleFlush(this);
    }
    unflushedBytes += frame.size();
    if (unflushedBytes >= FLUSH_BYTES) {
      flushNow();
    }
    loop.countQueued();
    return true;
  }

  /** Writes the batch to the channel, so that frames written directly afterwards stay behind it. */
  void writePending() {
    FrameBatch batch = pending;
    if (batch != null) {
      // Null, not the empty batch: an idle socket would keep the whole tree of batches reachable.
      pending = null;
      if (channel.unsafe().outboundBuffer() != null) {
        rawContext.write(loop.buffer(batch, channel.alloc()), channel.voidPromise());
        meters.countSent(batch.frameCount(), batch.byteCount());
      }
    }
  }

  /** Writes the last frame behind all queued ones and flushes. */
  ChannelFuture writeLast(EncodedFrame last) {
    writePending();
    return rawContext.writeAndFlush(last.buffer());
  }

  private static WebSocketFrame toWebSocketFrame(EncodedFrame frame) {
    return frame.isText()
        ? new TextWebSocketFrame(frame.content())
        : new BinaryWebSocketFrame(frame.content());
  }

  boolean isWritable() {
    return channel.isWritable() && writableCallbacks == null;
  }

  /** Runs {@code next} as soon as the channel is writable; at once if it is. */
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
    countUnsent();
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
    countUnsent();
  }

  /**
   * Counts what the kernel did not take: for most sockets nothing. A frame counts in full at each
   * socket, though all of them may share its bytes, until {@link #measure} finds out.
   */
  void countUnsent() {
    MemoryAccount memory = account;
    if (memory != null) {
      int unsent = unsentBytes();
      if (unsent == 0) {
        sharedBytes = 0;
      }
      memory.setSending(Math.max(0, unsent - sharedBytes));
    }
  }

  private int unsentBytes() {
    ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
    return queue == null ? 0 : (int) Math.min(Integer.MAX_VALUE, queue.totalPendingWriteBytes());
  }

  /**
   * Counts the unsent frames by the share that this socket has in their bytes. It takes a look at
   * each of them, so it is done only when the memory budget is exceeded.
   */
  void measure() {
    ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
    if (queue != null && queue.totalPendingWriteBytes() > 0) {
      long[] shared = new long[1];
      try {
        queue.forEachFlushedMessage(
            message -> {
              if (message instanceof ByteBuf bytes && bytes.refCnt() > 1) {
                int length = bytes.readableBytes();
                shared[0] += length - length / bytes.refCnt();
              }
              return true;
            });
      } catch (Exception e) {
        throw new IllegalStateException("the processor throws nothing", e);
      }
      sharedBytes = (int) Math.min(Integer.MAX_VALUE, shared[0]);
    }
    countUnsent();
  }
}

package dev.rookery.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import org.jspecify.annotations.Nullable;

/**
 * A frame decoder that tells its connection how much memory it keeps. The decoder of Netty collects
 * a frame until its last byte has arrived, so a frame that is never finished is held here.
 *
 * <p>A partial frame is kept on the heap, in an array of about its size. The buffers in which bytes
 * are received belong to a pool: a few bytes kept in one of them keep many times as much memory
 * from being used again, which cannot be counted.
 */
final class AccountedFrameDecoder extends WebSocket13FrameDecoder {
  private @Nullable Connection connection;

  AccountedFrameDecoder(WebSocketDecoderConfig config) {
    super(config);
    setCumulator(AccountedFrameDecoder::append);
  }

  void attach(Connection attached) {
    this.connection = attached;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
    super.channelRead(ctx, message);
    ByteBuf partial = internalBuffer();
    if (partial.isDirect() && partial.isReadable()) {
      // Takes the place of the received buffer, which is empty now and released.
      super.channelRead(ctx, copy(partial));
      partial = internalBuffer();
    }
    Connection target = connection;
    if (target != null) {
      // Without a partial frame this is the empty buffer.
      target.onPartialFrame(partial.capacity(), partial.readableBytes());
    }
  }

  /** Releases the partial frame; to be called when the connection closes. */
  void discardPartialFrame() {
    ByteBuf partial = internalBuffer();
    if (partial.isReadable() && !partial.isDirect()) {
      partial.clear().capacity(0);
    }
  }

  /** Moves the bytes of a buffer to the heap. */
  private static ByteBuf copy(ByteBuf received) {
    int length = received.readableBytes();
    return Unpooled.buffer(length).writeBytes(received);
  }

  /** Appends what was received to a partial frame; without one nothing is copied. */
  private static ByteBuf append(ByteBufAllocator ignored, ByteBuf partial, ByteBuf received) {
    if (!partial.isReadable()) {
      partial.release();
      return received;
    }
    try {
      return partial.discardReadBytes().writeBytes(received);
    } finally {
      received.release();
    }
  }
}

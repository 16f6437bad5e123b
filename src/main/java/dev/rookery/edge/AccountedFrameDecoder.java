package dev.rookery.edge;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import org.jspecify.annotations.Nullable;

/**
 * A frame decoder that tells its connection how much memory it keeps. The decoder of Netty collects
 * a frame until its last byte has arrived, so a frame that is never finished is held here.
 */
final class AccountedFrameDecoder extends WebSocket13FrameDecoder {
  private @Nullable Connection connection;

  AccountedFrameDecoder(WebSocketDecoderConfig config) {
    super(config);
  }

  void attach(Connection attached) {
    this.connection = attached;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
    super.channelRead(ctx, message);
    Connection target = connection;
    if (target != null) {
      // Without a partial frame this is the empty buffer.
      target.onPartialFrame(internalBuffer().capacity(), internalBuffer().readableBytes());
    }
  }
}

package dev.rookery.edge;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import org.jspecify.annotations.Nullable;

/**
 * A connection's place in the Netty pipeline, before what Vert.x put there, which sees nothing but
 * the end: so bytes are shared among sockets, and a close carries the right code.
 */
final class SocketHandler extends ChannelDuplexHandler {
  private @Nullable Connection connection;
  private boolean inactive;

  void serve(Connection connection) {
    this.connection = connection;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (connection == null || !(message instanceof WebSocketFrame frame)) {
      ctx.fireChannelRead(message);
      return;
    }
    try {
      connection.hear(frame);
    } finally {
      frame.release();
    }
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    if (message instanceof CloseWebSocketFrame close
        && connection != null
        && !connection.closedFromBehind()) {
      close.release();
      promise.trySuccess();
      return;
    }
    ctx.write(message, promise);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (connection != null && ctx.channel().isWritable()) {
      connection.roomy();
    }
    ctx.fireChannelWritabilityChanged();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (connection == null) {
      ctx.fireExceptionCaught(cause);
    } else {
      connection.failed(cause);
      if (!ctx.channel().isActive()) {
        // An inflater that breaks at the end would keep the end to itself.
        channelInactive(ctx);
      }
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (!inactive) {
      inactive = true;
      if (connection != null) {
        connection.gone();
      }
      ctx.fireChannelInactive();
    }
  }
}

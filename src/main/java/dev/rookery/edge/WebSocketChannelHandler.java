package dev.rookery.edge;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/** A connection's place in the Netty pipeline, the last one: nothing goes beyond it. */
final class WebSocketChannelHandler extends ChannelDuplexHandler {
  private @Nullable Connection connection;
  private boolean inactive;

  void attach(Connection connection) {
    this.connection = connection;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      // What is left of the request is no frame.
      if (connection != null && message instanceof WebSocketFrame frame) {
        connection.receive(frame);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  /** From outside: a server that ends closes what is left, and clients are to hear it. */
  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
    if (connection == null) {
      ctx.close(promise);
    } else {
      connection.closeByServer(() -> ctx.close(promise));
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (connection != null && ctx.channel().isWritable()) {
      connection.onWritable();
    }
  }

  /** The server's own: told of its end it would close an idle connection of HTTP. */
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    ReferenceCountUtil.release(event);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (connection == null) {
      ctx.close();
      return;
    }
    connection.onError(cause);
    if (!ctx.channel().isActive()) {
      // An inflater that breaks at the end would keep the end to itself.
      channelInactive(ctx);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (!inactive && connection != null) {
      inactive = true;
      connection.onInactive();
    }
  }
}

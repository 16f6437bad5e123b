package dev.rookery.edge;

import dev.rookery.base.FatalErrors;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * The last handler in the Netty pipeline of a WebSocket; passes channel events on to its {@link
 * Connection}.
 */
final class WebSocketChannelHandler extends ChannelDuplexHandler {
  private @Nullable Connection connection;
  private boolean inactive;

  void attach(Connection connection) {
    this.connection = connection;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      // The rest of the HTTP request is not a frame.
      if (connection != null && message instanceof WebSocketFrame frame) {
        connection.receive(frame);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  /** Called when the Vert.x server closes its channels; clients still get a close frame. */
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

  /** Swallows events of the HTTP server, which would close the connection as idle. */
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    ReferenceCountUtil.release(event);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    FatalErrors.endIfFatal(cause);
    if (connection == null) {
      ctx.close();
      return;
    }
    connection.onError(cause);
    if (!ctx.channel().isActive()) {
      // An inflater that fails on the last bytes does not forward the inactive event.
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

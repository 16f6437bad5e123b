package dev.rookery.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.core.net.impl.ShutdownEvent;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The first handler in the Netty pipeline of an HTTP connection: counts what the connection holds,
 * and ends requests that are not received in time. It sees all bytes before anything keeps them.
 * Confined to the event loop.
 *
 * <p>What is received counts from the first byte of a request to its response, because until then
 * it is referenced by the request, parsed or not.
 */
final class HttpChannelHandler extends ChannelDuplexHandler implements MemoryAccount.Owner {
  private static final AttributeKey<HttpChannelHandler> KEY =
      AttributeKey.valueOf(HttpChannelHandler.class, "connection");

  private static final byte[] REFUSAL =
      ("HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\nconnection: close\r\n"
              + "content-length: 0\r\n\r\n")
          .getBytes(StandardCharsets.US_ASCII);

  private static final int NEVER = -1;

  /**
   * How long a connection without a request stays open when the server shuts down: one may be on
   * its way, and would be lost.
   */
  private static final long LAST_REQUEST_MS = 1_000;

  /** Bytes of a body that are read and dropped after the response, before the connection closes. */
  private static final int DROPPED_BYTES_MAX = 8 << 20;

  /** What a body counts that was received while the request before it was served. */
  private static final int PIPELINED_BODY_BYTES = 64 << 10;

  private final EventLoopConnections loop;
  private final Channel channel;
  private final @Nullable Future<Boolean> room;
  private final MemoryAccount memory;
  private @Nullable RoutingContext current;
  private ClientAddressResolver.@Nullable Peer peer;
  private boolean answered;
  private boolean shuttingDown;
  private boolean dropping;
  private int received;
  private int droppedBytes;
  private int headSince;
  private int bodySince;

  /**
   * @param room null if the node has a place for the connection; otherwise whether another one was
   *     closed for it, without which it is for health checks alone
   */
  HttpChannelHandler(EventLoopConnections loop, Channel channel, @Nullable Future<Boolean> room) {
    this.loop = loop;
    this.channel = channel;
    this.room = room;
    this.headSince = loop.tick();
    this.memory = loop.openAccount(this);
    channel.attr(KEY).set(this);
    channel.closeFuture().addListener(_ -> leave());
  }

  /** The handler of a channel; null if it has become a WebSocket. */
  static @Nullable HttpChannelHandler find(Channel channel) {
    return channel.attr(KEY).get();
  }

  static @Nullable HttpChannelHandler find(HttpServerRequest request) {
    return request.connection() instanceof ConnectionBase connection
        ? find(connection.channel())
        : null;
  }

  /** Whether the node had no place for the connection when it was opened. */
  boolean isOverLimit() {
    return room != null;
  }

  /** Whether the connection has got a place meanwhile. */
  Future<Boolean> room() {
    return room == null ? Future.succeededFuture(true) : room;
  }

  /** The other end of the connection; null before its first request. */
  ClientAddressResolver.@Nullable Peer peer() {
    return peer;
  }

  void setPeer(ClientAddressResolver.Peer known) {
    peer = known;
  }

  private boolean isForHealthChecks() {
    return room != null && !(room.succeeded() && room.result());
  }

  /** Whether the connection closes after the response to its request. */
  boolean isShuttingDown() {
    return shuttingDown;
  }

  /** Whether the client has sent no request that is not answered yet. */
  boolean isIdle() {
    return current == null || answered;
  }

  /** The head of a request has been received, and its handling begins. */
  void onRequest(RoutingContext context) {
    current = context;
    answered = false;
    headSince = NEVER;
    bodySince = loop.tick();
    droppedBytes = 0;
    if (received == 0 && RequestBodyHandler.hasBody(context.request())) {
      received = PIPELINED_BODY_BYTES;
      memory.setReceived(received);
    }
  }

  /** The response has been written. */
  void onResponse() {
    answered = true;
    received = 0;
    memory.setReceived(0);
    if (shuttingDown || isForHealthChecks() || awaitsContinue()) {
      channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
  }

  /**
   * Whether the client was not asked for its body: what it sends next may be another request, and
   * would be taken for the body.
   */
  private boolean awaitsContinue() {
    RoutingContext context = current;
    return context != null
        && !context.request().isEnded()
        && context.request().headers().contains(HttpHeaders.EXPECT);
  }

  /** The connection becomes a WebSocket, which has an account of its own. */
  void onUpgraded() {
    leave();
    channel.pipeline().remove(this);
  }

  private void leave() {
    current = null;
    channel.attr(KEY).set(null);
    memory.close();
    loop.remove(this);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (dropping || !(message instanceof ByteBuf bytes)) {
      ReferenceCountUtil.release(message);
      return;
    }
    if (answered && current != null && current.request().isEnded()) {
      current = null;
    }
    if (current != null && answered) {
      droppedBytes += bytes.readableBytes();
      if (droppedBytes > DROPPED_BYTES_MAX) {
        bytes.release();
        channel.close();
        return;
      }
    } else {
      if (current == null && headSince == NEVER) {
        headSince = loop.tick();
      }
      // The decoder may keep the buffer until the head is complete; a body is copied from it.
      received += current == null ? bytes.capacity() : bytes.readableBytes();
    }
    ctx.fireChannelRead(bytes);
    memory.setReceived(received);
  }

  /**
   * Closes the connection that the client has reset, which ends its requests. The server would fail
   * a pipelined request that it has not begun with a warning and a stack trace.
   */
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException) {
      channel.close();
    } else {
      ctx.fireExceptionCaught(cause);
    }
  }

  /**
   * The server accepts no connections any more and closes this one, after the response to its
   * request or to one that comes soon.
   */
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ShutdownEvent) {
      shuttingDown = true;
      ctx.executor()
          .schedule(
              () -> ctx.fireUserEventTriggered(event), LAST_REQUEST_MS, TimeUnit.MILLISECONDS);
    } else {
      ctx.fireUserEventTriggered(event);
    }
  }

  @Override
  public void flush(ChannelHandlerContext ctx) {
    ctx.flush();
    countUnsent();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    countUnsent();
    ctx.fireChannelWritabilityChanged();
  }

  private void countUnsent() {
    ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
    long unsent = queue == null ? 0 : queue.totalPendingWriteBytes();
    memory.setSending((int) Math.min(Integer.MAX_VALUE, unsent));
  }

  void tick() {
    countUnsent();
    RoutingContext context = current;
    if (context == null || (answered && context.request().isEnded())) {
      current = null;
      if (headSince != NEVER && loop.tick() - headSince > loop.headTicks()) {
        channel.close();
      }
    } else if (!context.request().isEnded() && loop.tick() - bodySince > loop.bodyTicks()) {
      end(context, 408);
    }
  }

  @Override
  public void measure() {
    countUnsent();
  }

  /** Ends the request because the connection holds more than others. */
  @Override
  public void shed() {
    RoutingContext context = current;
    if (context == null || context.request().isEnded()) {
      channel.close();
    } else {
      end(context, 503);
      // They refer to what was received of the body.
      context.request().handler(null).endHandler(null).exceptionHandler(null);
    }
  }

  /** Responds to a request whose body is not complete, and closes the connection. */
  private void end(RoutingContext context, int status) {
    dropping = true;
    HttpServerResponse response = context.response();
    if (!response.headWritten() && !response.ended() && !response.closed()) {
      if (status == 503) {
        response.putHeader(HttpHeaders.RETRY_AFTER, "1");
      }
      response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
      HttpErrors.respond(context, status);
      channel.flush();
    }
    channel.close();
  }

  /** Responds with 503 before any request, and closes the connection. */
  void refuse() {
    dropping = true;
    ChannelHandlerContext first = channel.pipeline().context(this);
    first.writeAndFlush(Unpooled.wrappedBuffer(REFUSAL)).addListener(ChannelFutureListener.CLOSE);
  }

  void close() {
    channel.close();
  }
}

package dev.rookery.edge;

import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketServerExtension;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Turns requests into sockets; one object for all wires and event loops of a node.
 *
 * <p>A socket begins as a request to Vert.x, like any other. Once it is granted nothing of HTTP and
 * of Vert.x stays in its pipeline: what both keep of a request and for a connection is several
 * times what an idle socket needs.
 */
public final class WebSocketUpgrader {
  // Names that Vert.x gives to what it puts into the pipeline of a server.
  private static final String HTTP_DECODER = "httpDecoder";
  private static final List<String> HTTP_HANDLERS =
      List.of("idle", "httpEncoder", "deflater", "handler");

  private static final String EXTENSIONS = "Sec-WebSocket-Extensions";

  private final Vertx vertx;
  private final SocketLimits limits;
  private final SocketRegistry sockets;
  private final SocketMeters meters;
  private final WebSocketDecoderConfig plainConfig;
  private final WebSocketDecoderConfig deflateConfig;
  private final Map<EventLoop, EventLoopSockets> loops = new ConcurrentHashMap<>();

  public WebSocketUpgrader(
      Vertx vertx, SocketLimits limits, SocketRegistry sockets, MeterRegistry meters) {
    this.vertx = vertx;
    this.limits = limits;
    this.sockets = sockets;
    this.meters = new SocketMeters(meters, sockets);
    this.plainConfig = config(limits, false);
    this.deflateConfig = config(limits, true);
  }

  private static WebSocketDecoderConfig config(SocketLimits limits, boolean deflated) {
    return WebSocketDecoderConfig.newBuilder()
        .maxFramePayloadLength(limits.frameBytesMax())
        .allowExtensions(deflated)
        .closeOnProtocolViolation(false)
        .build();
  }

  /** Extensions are negotiated here: the server itself must not. */
  public static HttpServerOptions configure(HttpServerOptions options) {
    return options
        .setPerMessageWebSocketCompressionSupported(false)
        .setPerFrameWebSocketCompressionSupported(false);
  }

  /** Whether the client asks for a WebSocket in a form that can be granted. */
  public static boolean isUpgradeRequest(HttpServerRequest request) {
    return WebSocketHandshake.isUpgradeRequest(request);
  }

  /**
   * Upgrades a request that asks for it, and answers any other with 400; during a drain it is
   * answered with 503 instead. The request must be paused if this is not called at once. The
   * receiver is told everything on the event loop of the request, in the context shared by all
   * sockets of the loop.
   */
  public void upgrade(
      HttpServerRequest request, Function<Connection, WebSocketListener> receivers) {
    if (sockets.isClosing()) {
      request.response().setStatusCode(503).putHeader(HttpHeaders.RETRY_AFTER, "1").end();
    } else if (!WebSocketHandshake.isUpgradeRequest(request)) {
      request.response().setStatusCode(400).end();
    } else {
      // A body has no meaning here, and must have passed by.
      request.endHandler(_ -> open(request, receivers));
    }
    request.resume();
  }

  private void open(HttpServerRequest request, Function<Connection, WebSocketListener> receivers) {
    Channel channel = ((ConnectionBase) request.connection()).channel();
    if (!channel.isActive()) {
      // Gone while its token was looked at.
      return;
    }
    WebSocketServerExtension deflate =
        PerMessageDeflate.negotiate(request.getHeader(EXTENSIONS), limits.frameBytesMax());
    if (deflate != null) {
      request.response().putHeader(EXTENSIONS, PerMessageDeflate.responseHeader(deflate));
    }
    ChannelPipeline pipeline = channel.pipeline();
    HTTP_HANDLERS.forEach(name -> remove(pipeline, name));
    var handler = new WebSocketChannelHandler();
    ChannelHandlerContext raw = addHandlers(pipeline, deflate, handler);
    ChannelHandlerContext line = pipeline.context(handler);
    raw.writeAndFlush(
        WebSocketHandshake.acceptResponse(request, channel.alloc()), channel.voidPromise());

    var context = ((ContextInternal) vertx.getOrCreateContext()).unwrap();
    EventLoopSockets loop =
        loops.computeIfAbsent(
            channel.eventLoop(), eventLoop -> new EventLoopSockets(eventLoop, limits));
    var outbox = new SendQueue(loop, limits, meters, raw, deflate == null ? null : line);
    var connection = new Connection(context, loop, limits, meters, sockets, outbox, line);
    handler.attach(connection);
    connection.start(receivers.apply(connection));
    // Passes on what it has read beyond the request.
    remove(pipeline, HTTP_DECODER);
    // It may have been read no further while the request was paused.
    channel.config().setAutoRead(true);
  }

  /** From where a write reaches the line as it is. */
  private ChannelHandlerContext addHandlers(
      ChannelPipeline pipeline,
      @Nullable WebSocketServerExtension deflate,
      WebSocketChannelHandler last) {
    var decoder = new WebSocket13FrameDecoder(deflate == null ? plainConfig : deflateConfig);
    pipeline.addLast(decoder);
    if (deflate != null) {
      pipeline.addLast(new WebSocket13FrameEncoder(false));
      pipeline.addLast(deflate.newExtensionDecoder(), deflate.newExtensionEncoder());
    }
    pipeline.addLast(last);
    return pipeline.context(decoder);
  }

  private static void remove(ChannelPipeline pipeline, String name) {
    if (pipeline.get(name) != null) {
      pipeline.remove(name);
    }
  }
}

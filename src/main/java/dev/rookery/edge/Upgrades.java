package dev.rookery.edge;

import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketServerExtension;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Turns requests into sockets; one object for all wires and event loops of a node. */
public final class Upgrades {
  // Names that Netty and Vert.x give to what they put into the pipeline.
  private static final String DECODER = "wsdecoder";
  private static final String ENCODER = "wsencoder";
  private static final String VERTX = "handler";
  private static final String IDLE = "idle";

  private static final String EXTENSIONS = "Sec-WebSocket-Extensions";

  private final Vertx vertx;
  private final SocketLimits limits;
  private final Sockets sockets;
  private final SocketMeters meters;
  private final Map<EventLoop, SocketLoop> loops = new ConcurrentHashMap<>();

  public Upgrades(Vertx vertx, SocketLimits limits, Sockets sockets, MeterRegistry meters) {
    this.vertx = vertx;
    this.limits = limits;
    this.sockets = sockets;
    this.meters = new SocketMeters(meters, sockets);
  }

  /** Extensions are negotiated here: the server itself must not. */
  public static HttpServerOptions prepare(HttpServerOptions options) {
    return options
        .setPerMessageWebSocketCompressionSupported(false)
        .setPerFrameWebSocketCompressionSupported(false);
  }

  /** Whether the client asks for a WebSocket in a form that can be granted. */
  public static boolean isAsked(HttpServerRequest request) {
    String connection = request.getHeader(HttpHeaders.CONNECTION);
    return request.method().equals(HttpMethod.GET)
        && connection != null
        && connection.toLowerCase(Locale.ROOT).contains("upgrade")
        && "websocket".equalsIgnoreCase(request.getHeader(HttpHeaders.UPGRADE))
        && request.getHeader("Sec-WebSocket-Key") != null
        && "13".equals(request.getHeader("Sec-WebSocket-Version"));
  }

  /**
   * Upgrades a request that asks for it; during a drain it is answered with 503 instead. The
   * request must be paused if this is not called at once. The receiver is told everything on the
   * event loop of the request, in the context shared by all sockets of the loop.
   */
  public void upgrade(HttpServerRequest request, Function<Connection, Receiver> receivers) {
    if (sockets.closing()) {
      request.response().setStatusCode(503).putHeader(HttpHeaders.RETRY_AFTER, "1").end();
      return;
    }
    WebSocketServerExtension deflate =
        Deflate.accept(request.getHeader(EXTENSIONS), limits.frameBytesMax());
    if (deflate != null) {
      request.response().putHeader(EXTENSIONS, Deflate.header(deflate));
    }
    // A request that is no handshake after all has been answered by the server.
    Channel channel = ((ConnectionBase) request.connection()).channelHandlerContext().channel();
    request.toWebSocket().onSuccess(_ -> open(channel, deflate, receivers));
  }

  private void open(
      Channel channel,
      @Nullable WebSocketServerExtension deflate,
      Function<Connection, Receiver> receivers) {
    if (!channel.isActive()) {
      // Gone while its token was looked at.
      return;
    }
    ChannelPipeline pipeline = channel.pipeline();
    if (pipeline.get(IDLE) != null) {
      // It would cut the line with a timer of its own, and without a word.
      pipeline.remove(IDLE);
    }
    pipeline.replace(DECODER, DECODER, new WebSocket13FrameDecoder(config(deflate != null)));
    if (deflate != null) {
      pipeline.addBefore(VERTX, "inflater", deflate.newExtensionDecoder());
      pipeline.addBefore(VERTX, "deflater", deflate.newExtensionEncoder());
    }
    var handler = new SocketHandler();
    pipeline.addBefore(VERTX, "socket", handler);

    var context = ((ContextInternal) vertx.getOrCreateContext()).unwrap();
    SocketLoop loop =
        loops.computeIfAbsent(channel.eventLoop(), eventLoop -> new SocketLoop(eventLoop, limits));
    ChannelHandlerContext line = pipeline.context(handler);
    var outbox =
        new Outbox(loop, limits, meters, pipeline.context(ENCODER), deflate == null ? null : line);
    var connection = new Connection(context, loop, limits, meters, sockets, outbox, line);
    handler.serve(connection);
    connection.open(receivers.apply(connection));
  }

  private WebSocketDecoderConfig config(boolean deflated) {
    return WebSocketDecoderConfig.newBuilder()
        .maxFramePayloadLength(limits.frameBytesMax())
        .allowExtensions(deflated)
        .closeOnProtocolViolation(false)
        .build();
  }
}

package dev.rookery.edge;

import dev.rookery.trace.Tracer;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
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
 * Upgrades HTTP requests to WebSockets; one instance serves all protocols and event loops of a
 * node.
 *
 * <p>The request is an ordinary Vert.x request until it is accepted. Then all HTTP and Vert.x
 * handlers are removed from the Netty pipeline: the state they keep per connection is several times
 * the memory that an idle WebSocket needs.
 */
public final class WebSocketUpgrader {
  // The names of the handlers that Vert.x adds to a server's pipeline.
  static final String HTTP_DECODER = "httpDecoder";
  private static final List<String> HTTP_HANDLERS =
      List.of("idle", "httpEncoder", "deflater", "handler");

  private static final String EXTENSIONS = "Sec-WebSocket-Extensions";

  private final Vertx vertx;
  private final SocketLimits limits;
  private final SocketRegistry sockets;
  private final SocketMeters meters;
  private final MemoryBudget memory;
  private final SocketAdmission admission;
  private final Tracer tracer;
  private final WebSocketDecoderConfig plainConfig;
  private final WebSocketDecoderConfig deflateConfig;
  private final Map<EventLoop, EventLoopSockets> loops = new ConcurrentHashMap<>();

  public WebSocketUpgrader(
      Vertx vertx,
      SocketLimits limits,
      SocketRegistry sockets,
      MemoryBudget memory,
      SocketAdmission admission,
      MeterRegistry meters,
      Tracer tracer) {
    this.vertx = vertx;
    this.limits = limits;
    this.sockets = sockets;
    this.memory = memory;
    this.admission = admission;
    this.tracer = tracer;
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

  /** Turns off the extension negotiation of the Vert.x server, which this class does itself. */
  public static HttpServerOptions configure(HttpServerOptions options) {
    return options
        .setPerMessageWebSocketCompressionSupported(false)
        .setPerFrameWebSocketCompressionSupported(false);
  }

  /** Whether the request is a valid WebSocket upgrade. */
  public static boolean isUpgradeRequest(HttpServerRequest request) {
    return WebSocketHandshake.isUpgradeRequest(request);
  }

  /**
   * Counts an attempt to upgrade for the address of the client. Responds with 429 and returns false
   * if there were too many; to be called before anything is done for the request.
   */
  public boolean admit(HttpServerRequest request, SocketOwner owner) {
    long waitMs = admission.retryAfterMs(owner);
    if (waitMs > 0) {
      refuse(request, 429, Long.toString(Math.max(1, Math.ceilDiv(waitMs, 1_000))));
    }
    return waitMs == 0;
  }

  /**
   * Counts a registration that a socket makes for an address, as {@link #admit} counts an upgrade;
   * false if there were too many.
   */
  public boolean admitRegistration(SocketOwner owner) {
    return admission.retryAfterMs(owner) == 0;
  }

  /**
   * Upgrades the request. Responds with 400 if it is not a valid upgrade, with 503 and {@code
   * Retry-After} while the node drains or has too many sockets, and with 429 and {@code
   * Retry-After} if the client has too many. A caller that does not call this synchronously must
   * have paused the request. The listener is called on the event loop of the request, on the Vert.x
   * context shared by all sockets of that event loop.
   *
   * @param owner to whom the socket counts
   */
  public void upgrade(
      HttpServerRequest request,
      SocketOwner owner,
      Function<Connection, WebSocketListener> listeners) {
    if (sockets.isClosing()) {
      request.response().setStatusCode(503).putHeader(HttpHeaders.RETRY_AFTER, "1").end();
    } else if (!WebSocketHandshake.isUpgradeRequest(request)) {
      request.response().setStatusCode(400).end();
    } else {
      // A request body has no meaning here, but must be read to its end.
      request.endHandler(_ -> open(request, owner, listeners));
    }
    request.resume();
  }

  private static void refuse(HttpServerRequest request, int status, String retryAfter) {
    request
        .response()
        .setStatusCode(status)
        .putHeader(HttpHeaders.RETRY_AFTER, retryAfter)
        .end(status == 429 ? "Too Many Requests" : "Service Unavailable");
  }

  private void open(
      HttpServerRequest request,
      SocketOwner owner,
      Function<Connection, WebSocketListener> listeners) {
    Channel channel = ((ConnectionBase) request.connection()).channel();
    if (!channel.isActive()) {
      // The client disconnected while its token was verified.
      return;
    }
    SocketAdmission.Refusal refusal = admission.openSocket(owner);
    if (refusal != null) {
      refuse(request, refusal.status(), refusal.retryAfter());
      return;
    }
    channel.closeFuture().addListener(_ -> admission.socketClosed(owner));
    HttpChannelHandler plain = HttpChannelHandler.find(channel);
    if (plain != null) {
      plain.onUpgraded();
    }
    WebSocketServerExtension deflate =
        PerMessageDeflate.negotiate(request.getHeader(EXTENSIONS), limits.frameBytesMax());
    if (deflate != null) {
      request.response().putHeader(EXTENSIONS, PerMessageDeflate.responseHeader(deflate));
    }
    ChannelPipeline pipeline = channel.pipeline();
    HTTP_HANDLERS.forEach(name -> remove(pipeline, name));
    var handler = new WebSocketChannelHandler();
    var decoder = new AccountedFrameDecoder(deflate == null ? plainConfig : deflateConfig);
    ChannelHandlerContext rawContext = addHandlers(pipeline, decoder, deflate, handler);
    ChannelHandlerContext handlerContext = pipeline.context(handler);
    rawContext.writeAndFlush(
        WebSocketHandshake.acceptResponse(request, channel.alloc()), channel.voidPromise());

    var context = ((ContextInternal) vertx.getOrCreateContext()).unwrap();
    EventLoopSockets loop =
        loops.computeIfAbsent(
            channel.eventLoop(), eventLoop -> new EventLoopSockets(eventLoop, limits, memory));
    var queue =
        new SendQueue(loop, limits, meters, rawContext, deflate == null ? null : handlerContext);
    var connection =
        new Connection(
            context, loop, limits, meters, sockets, queue, handlerContext, deflate != null, tracer);
    handler.attach(connection);
    decoder.attach(connection);
    connection.start(listeners.apply(connection), owner, request.path());
    // On removal the decoder forwards the bytes that it has read beyond the request.
    remove(pipeline, HTTP_DECODER);
    // Reading may have stopped while the request was paused.
    channel.config().setAutoRead(true);
  }

  /** Adds the WebSocket handlers; returns the context from which writes bypass the encoder. */
  private static ChannelHandlerContext addHandlers(
      ChannelPipeline pipeline,
      AccountedFrameDecoder decoder,
      @Nullable WebSocketServerExtension deflate,
      WebSocketChannelHandler last) {
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

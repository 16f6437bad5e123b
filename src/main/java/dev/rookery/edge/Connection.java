package dev.rookery.edge;

import dev.rookery.base.PlayerId;
import dev.rookery.trace.Tracer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.CharsetUtil;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One WebSocket connection, from the upgrade until it is closed. Confined to its event loop unless
 * a method says otherwise.
 *
 * <p>After a close frame was sent nothing more is sent or received; if the client does not answer
 * it within {@value #CLOSING_TICKS} ticks the TCP connection is closed.
 */
public final class Connection implements SocketRegistry.OpenSocket, MemoryAccount.Owner {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

  private static final int CLOSING_TICKS = 2;
  private static final String GONE = "gone";
  private static final String CLIENT = "client";

  private final EventLoopSockets loop;
  private final SocketMeters meters;
  private final SocketRegistry sockets;
  private final SendQueue sendQueue;
  private final ChannelHandlerContext handlerContext;
  private final MessageDispatcher dispatcher;
  private final SocketActivity activity;

  // Set before others can see the connection.
  private @Nullable WebSocketListener listener;
  private @Nullable PlayerId player;
  private String path = "";
  private long id;
  private final MemoryAccount memory;
  private final MessageAssembler assembler;

  private @Nullable String closeCause;
  private boolean closed;
  private @Nullable List<Promise<Void>> closePromises;

  Connection(
      ContextInternal context,
      EventLoopSockets loop,
      SocketLimits limits,
      SocketMeters meters,
      SocketRegistry sockets,
      SendQueue sendQueue,
      ChannelHandlerContext handlerContext,
      boolean compressed,
      Tracer tracer) {
    this.loop = loop;
    this.meters = meters;
    this.sockets = sockets;
    this.sendQueue = sendQueue;
    this.handlerContext = handlerContext;
    this.dispatcher = new MessageDispatcher(context, tracer, () -> startClose(CloseReason.BROKEN));
    this.activity = new SocketActivity(loop);
    this.memory = loop.openAccount(this);
    this.assembler =
        new MessageAssembler(
            loop,
            limits.frameBytesMax(),
            compressed,
            memory,
            meters,
            this::deliver,
            this::startClose);
    sendQueue.countTo(memory);
  }

  /**
   * @param owner to whom the socket counts
   * @param path that the client has asked for
   */
  void start(WebSocketListener listener, SocketOwner owner, String path) {
    this.listener = listener;
    this.id = sockets.nextId();
    this.player = owner.player();
    this.path = path;
    loop.add(this);
    sockets.add(this);
  }

  /**
   * Queues a frame behind those queued before. Does nothing while the connection is closing; a
   * client whose send queue is full is closed with {@link CloseReason#SLOW}.
   */
  public void send(EncodedFrame frame) {
    if (closeCause == null && !sendQueue.offer(frame)) {
      meters.overflows.increment();
      startClose(CloseReason.SLOW);
    }
  }

  /** Like {@link #send}, from any thread. Frames sent by one thread keep their order. */
  public void sendFromAnyThread(EncodedFrame frame) {
    if (handlerContext.executor().inEventLoop()) {
      send(frame);
    } else {
      handlerContext.executor().execute(() -> send(frame));
    }
  }

  /**
   * Sends pings to the client while it is silent, so that it is not closed as idle. For protocols
   * without heartbeats; browsers answer pings on their own.
   */
  public void enableIdlePings() {
    activity.enablePings();
  }

  /**
   * Closes the socket unless it is used soon, as {@link #confirmUse} says. For sockets that are not
   * signed in.
   */
  public void expectUse() {
    activity.expectUse();
  }

  /** The socket has a seat or a topic now. */
  public void confirmUse() {
    activity.confirmUse();
  }

  /**
   * Limits what the client may send, all messages together, until {@link #unlimitBytes}. A client
   * that sends more is closed with {@link CloseReason#TOO_BIG}.
   */
  public void limitBytes(int bytes) {
    assembler.limitBytes(bytes);
  }

  public void unlimitBytes() {
    assembler.unlimitBytes();
  }

  /**
   * Counts a message of this client that waits to be processed, until {@link #removeWaiting}.
   *
   * @param bytes its size, with what it is kept in
   */
  public void addWaiting(int bytes) {
    memory.addWaiting(bytes);
  }

  public void removeWaiting(int bytes) {
    memory.addWaiting(-bytes);
  }

  /**
   * Runs {@code next} once the send queue is below its low watermark, so that a long list is sent
   * at the speed at which the client reads. Never runs it on a closing connection.
   */
  public void whenWritable(Runnable next) {
    sendQueue.whenWritable(
        () -> {
          if (closeCause == null) {
            next.run();
          }
        });
  }

  /** Whether the send queue is below its high watermark. */
  public boolean isWritable() {
    return sendQueue.isWritable();
  }

  /** Whether the server closes the connection, or has closed it, for this reason. */
  public boolean isClosedFor(CloseReason reason) {
    return reason.name().equals(closeCause);
  }

  @Override
  public SocketState state() {
    WebSocketListener receiver = listener;
    ChannelOutboundBuffer waiting = handlerContext.channel().unsafe().outboundBuffer();
    return new SocketState(
        id,
        path,
        player,
        receiver == null ? List.of() : receiver.topics(),
        waiting == null ? 0 : waiting.totalPendingWriteBytes());
  }

  @Override
  public Future<Void> close(CloseReason reason) {
    Promise<Void> promise = Promise.promise();
    if (handlerContext.executor().inEventLoop()) {
      close(reason, promise);
    } else {
      handlerContext.executor().execute(() -> close(reason, promise));
    }
    return promise.future();
  }

  private void close(CloseReason reason, Promise<Void> promise) {
    if (closed) {
      promise.complete();
      return;
    }
    if (closePromises == null) {
      closePromises = new ArrayList<>(1);
    }
    closePromises.add(promise);
    startClose(reason);
  }

  private void startClose(CloseReason reason) {
    if (closeCause == null) {
      closeCause = reason.name();
      writeCloseFrame(reason);
    }
  }

  /** Writes past the queue limit, so that even a slow client can learn the reason. */
  private ChannelFuture writeCloseFrame(CloseReason reason) {
    activity.restart();
    assembler.clear();
    return sendQueue.writeLast(EncodedFrame.close(reason.code(), reason.text()));
  }

  /** Called by the event loop once per tick, to detect idle and unresponsive clients. */
  void tick() {
    sendQueue.countUnsent();
    if (closeCause != null) {
      if (activity.silentTicks() >= CLOSING_TICKS) {
        handlerContext.close();
      }
    } else if (activity.isIdle()) {
      startClose(CloseReason.PROTOCOL);
    } else if (assembler.isOverdue()) {
      meters.unfinished.increment();
      startClose(CloseReason.UNFINISHED);
    } else if (activity.isUnused()) {
      startClose(CloseReason.UNUSED);
    } else if (activity.isPingDue()) {
      send(EncodedFrame.ping());
    }
  }

  /** Called after each read; see {@link MessageAssembler#onPartialFrame}. */
  void onPartialFrame(int capacity, int readable) {
    assembler.onPartialFrame(capacity, readable);
  }

  @Override
  public void measure() {
    sendQueue.measure();
  }

  /** Closes this socket because it holds more than others; releases at once what it holds. */
  @Override
  public void shed() {
    if (closeCause == null && sendQueue.isWritable()) {
      closeCause = CloseReason.OVERLOADED.name();
      writeCloseFrame(CloseReason.OVERLOADED).addListener(ChannelFutureListener.CLOSE);
    } else {
      // The close frame would wait behind what is to be released.
      closeCause = closeCause == null ? CloseReason.OVERLOADED.name() : closeCause;
      handlerContext.close();
    }
    assembler.clear();
    var decoder = handlerContext.pipeline().get(AccountedFrameDecoder.class);
    if (decoder != null) {
      decoder.discardPartialFrame();
    }
  }

  void receive(WebSocketFrame frame) {
    assembler.onFrame();
    if (closeCause != null) {
      if (frame instanceof CloseWebSocketFrame) {
        handlerContext.close();
      }
      return;
    }
    if (frame instanceof CloseWebSocketFrame) {
      closeCause = CLIENT;
      writeCloseFrame(CloseReason.DONE).addListener(ChannelFutureListener.CLOSE);
      return;
    }
    if (activity.exceedsFrameRate()) {
      startClose(CloseReason.FLOOD);
      return;
    }
    ByteBuf content = frame.content();
    meters.framesIn.increment();
    meters.bytesIn.increment(content.readableBytes());
    if (frame instanceof PingWebSocketFrame) {
      send(EncodedFrame.pong(ByteBufUtil.getBytes(content)));
    } else if (!(frame instanceof PongWebSocketFrame)) {
      assembler.receive(frame);
    }
  }

  private void deliver(byte[] message, boolean isText) {
    WebSocketListener target = listener;
    if (target == null) {
      return;
    }
    if (isText && !isUtf8(message)) {
      startClose(CloseReason.NOT_TEXT);
      return;
    }
    dispatcher.deliver(target, message, isText);
  }

  private static boolean isUtf8(byte[] message) {
    return ByteBufUtil.isText(Unpooled.wrappedBuffer(message), CharsetUtil.UTF_8);
  }

  /** Sends a close frame unless one was sent, then runs {@code closeChannel}. */
  void closeByServer(Runnable closeChannel) {
    if (closeCause == null) {
      closeCause = CloseReason.DONE.name();
      writeCloseFrame(CloseReason.DONE).addListener(_ -> closeChannel.run());
    } else {
      closeChannel.run();
    }
  }

  void onWritable() {
    dispatcher.run(sendQueue::onWritable);
  }

  /** A frame could not be decoded, or the TCP connection failed. */
  void onError(Throwable cause) {
    if (cause instanceof IOException) {
      handlerContext.close();
      return;
    }
    CloseReason reason = CodecErrors.closeReason(cause);
    if (reason == CloseReason.BROKEN) {
      LOG.error("A WebSocket connection failed", cause);
    }
    startClose(reason);
  }

  void onInactive() {
    if (closed) {
      return;
    }
    closed = true;
    assembler.clear();
    memory.close();
    meters.countClosed(closeCause == null ? GONE : closeCause);
    closeCause = closeCause == null ? GONE : closeCause;
    loop.remove(this);
    sockets.remove(this);
    WebSocketListener target = listener;
    if (target != null) {
      dispatcher.run(() -> target.onClose().onComplete(_ -> completeClose()));
    } else {
      completeClose();
    }
  }

  private void completeClose() {
    if (closePromises != null) {
      closePromises.forEach(Promise::tryComplete);
    }
  }
}

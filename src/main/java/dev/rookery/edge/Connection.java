package dev.rookery.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.compression.DecompressionException;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.CharsetUtil;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One socket, from its upgrade to its end; confined to its event loop unless said otherwise.
 *
 * <p>After a close frame was sent nothing is sent or heard any more; the client has a moment to
 * answer it before the line is cut.
 */
public final class Connection implements SocketRegistry.OpenSocket {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

  private static final int CLOSING_TICKS = 2;
  private static final String GONE = "gone";
  private static final String CLIENT = "client";

  private final ContextInternal context;
  private final EventLoopSockets loop;
  private final SocketLimits limits;
  private final SocketMeters meters;
  private final SocketRegistry sockets;
  private final SendQueue sendQueue;
  private final ChannelHandlerContext handlerContext;

  private @Nullable WebSocketListener listener;
  private int lastReceivedTick;
  private int framesInTick;
  private boolean idlePings;
  private byte @Nullable [] fragments;
  private boolean fragmentsAreText;

  private @Nullable String closeCause;
  private boolean closed;
  private @Nullable List<Promise<Void>> closePromises;

  Connection(
      ContextInternal context,
      EventLoopSockets loop,
      SocketLimits limits,
      SocketMeters meters,
      SocketRegistry sockets,
      SendQueue outbox,
      ChannelHandlerContext line) {
    this.context = context;
    this.loop = loop;
    this.limits = limits;
    this.meters = meters;
    this.sockets = sockets;
    this.sendQueue = outbox;
    this.handlerContext = line;
    this.lastReceivedTick = loop.tick();
  }

  void start(WebSocketListener receiver) {
    this.listener = receiver;
    loop.add(this);
    sockets.add(this);
  }

  /**
   * Sends after all that was sent before. Quietly does nothing on a socket that is closing; a
   * client that has too much unread is closed as slow.
   */
  public void send(EncodedFrame packet) {
    if (closeCause == null && !sendQueue.offer(packet)) {
      meters.overflows.increment();
      startClose(CloseReason.SLOW);
    }
  }

  /** As {@link #send}, from any thread; what one thread sends stays in its order. */
  public void sendFromAnyThread(EncodedFrame packet) {
    if (handlerContext.executor().inEventLoop()) {
      send(packet);
    } else {
      handlerContext.executor().execute(() -> send(packet));
    }
  }

  /**
   * From now on a silent client is asked whether it is there, as browsers answer by themselves: for
   * wires whose clients may have nothing to say for long.
   */
  public void enableIdlePings() {
    idlePings = true;
  }

  /**
   * Runs {@code next} when little is waiting to be sent, so that a long list goes out at the
   * client's pace. Never runs it on a socket that is closing.
   */
  public void whenWritable(Runnable next) {
    sendQueue.whenWritable(
        () -> {
          if (closeCause == null) {
            next.run();
          }
        });
  }

  /** Whether little is waiting to be sent. */
  public boolean isWritable() {
    return sendQueue.isWritable();
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

  private void startClose(CloseReason why) {
    if (closeCause == null) {
      closeCause = why.name();
      writeCloseFrame(why);
    }
  }

  /** Even to a client that is slow: it may still find out why. */
  private ChannelFuture writeCloseFrame(CloseReason why) {
    lastReceivedTick = loop.tick();
    fragments = null;
    return sendQueue.writeLast(EncodedFrame.close(why.code(), why.text()));
  }

  /** Called by the loop in steps of its time. */
  void tick() {
    int silent = loop.tick() - lastReceivedTick;
    if (closeCause != null) {
      if (silent >= CLOSING_TICKS) {
        handlerContext.close();
      }
    } else if (silent > SocketLimits.TICKS) {
      startClose(CloseReason.PROTOCOL);
    } else if (idlePings && silent > 0 && silent % SocketLimits.PING_TICKS == 0) {
      send(EncodedFrame.ping());
    }
  }

  void receive(WebSocketFrame frame) {
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
    if (exceedsFrameRate()) {
      startClose(CloseReason.FLOOD);
      return;
    }
    ByteBuf content = frame.content();
    meters.framesIn.increment();
    meters.bytesIn.increment(content.readableBytes());
    if (frame instanceof PingWebSocketFrame) {
      send(EncodedFrame.pong(ByteBufUtil.getBytes(content)));
    } else if (!(frame instanceof PongWebSocketFrame)) {
      receive(frame, ByteBufUtil.getBytes(content));
    }
  }

  private boolean exceedsFrameRate() {
    if (lastReceivedTick != loop.tick()) {
      lastReceivedTick = loop.tick();
      framesInTick = 0;
    }
    return ++framesInTick > limits.framesPerTickMax();
  }

  /** A message, or the next fragment of one. */
  private void receive(WebSocketFrame frame, byte[] content) {
    byte[] message = content;
    if (frame instanceof ContinuationWebSocketFrame) {
      byte[] before = fragments == null ? new byte[0] : fragments;
      if (before.length + content.length > limits.frameBytesMax()) {
        startClose(CloseReason.TOO_BIG);
        return;
      }
      message = Arrays.copyOf(before, before.length + content.length);
      System.arraycopy(content, 0, message, before.length, content.length);
    } else {
      fragmentsAreText = frame instanceof TextWebSocketFrame;
    }
    if (message.length > limits.frameBytesMax()) {
      startClose(CloseReason.TOO_BIG);
    } else if (frame.isFinalFragment()) {
      fragments = null;
      deliver(message);
    } else {
      fragments = message;
    }
  }

  private void deliver(byte[] message) {
    WebSocketListener to = listener;
    if (to == null) {
      return;
    }
    if (fragmentsAreText && !isUtf8(message)) {
      startClose(CloseReason.NOT_TEXT);
      return;
    }
    runOnContext(
        () -> {
          if (fragmentsAreText) {
            to.onText(message);
          } else {
            to.onBinary(message);
          }
        });
  }

  private static boolean isUtf8(byte[] message) {
    return ByteBufUtil.isText(Unpooled.wrappedBuffer(message), CharsetUtil.UTF_8);
  }

  /** On the Vert.x context of the loop, so that answers come back to it. */
  private void runOnContext(Runnable work) {
    ContextInternal before = context.beginDispatch();
    try {
      work.run();
    } catch (RuntimeException broken) {
      LOG.error("a frame could not be handled", broken);
      startClose(CloseReason.BROKEN);
    } finally {
      context.endDispatch(before);
    }
  }

  /** Says goodbye, unless that was said before, and runs {@code cut} when it has left. */
  void closeByServer(Runnable cut) {
    if (closeCause == null) {
      closeCause = CloseReason.DONE.name();
      writeCloseFrame(CloseReason.DONE).addListener(_ -> cut.run());
    } else {
      cut.run();
    }
  }

  void onWritable() {
    runOnContext(sendQueue::onWritable);
  }

  /** What was received cannot be decoded, or the line broke. */
  void onError(Throwable cause) {
    Throwable known = cause;
    while (known instanceof DecoderException && known.getCause() instanceof CodecException inner) {
      known = inner;
    }
    switch (known) {
      case CorruptedWebSocketFrameException corrupt -> startClose(close(corrupt.closeStatus()));
      case DecompressionException inflation -> startClose(close(inflation));
      case CodecException _ -> startClose(CloseReason.PROTOCOL);
      case IOException _ -> handlerContext.close();
      default -> {
        LOG.error("a socket failed", cause);
        startClose(CloseReason.BROKEN);
      }
    }
  }

  private static CloseReason close(WebSocketCloseStatus status) {
    if (status.equals(WebSocketCloseStatus.MESSAGE_TOO_BIG)) {
      return CloseReason.TOO_BIG;
    }
    return status.equals(WebSocketCloseStatus.INVALID_PAYLOAD_DATA)
        ? CloseReason.NOT_TEXT
        : CloseReason.PROTOCOL;
  }

  /** Netty says only in words that a message grew over the bound. */
  private static CloseReason close(DecompressionException inflation) {
    String message = inflation.getMessage();
    return message != null && message.contains("maximum size")
        ? CloseReason.TOO_BIG
        : CloseReason.NOT_TEXT;
  }

  void onInactive() {
    if (closed) {
      return;
    }
    closed = true;
    meters.countClosed(closeCause == null ? GONE : closeCause);
    closeCause = closeCause == null ? GONE : closeCause;
    loop.remove(this);
    sockets.remove(this);
    WebSocketListener to = listener;
    if (to != null) {
      runOnContext(() -> to.onClose().onComplete(_ -> completeClose()));
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

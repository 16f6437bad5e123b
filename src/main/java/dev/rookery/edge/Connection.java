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
  private final SendQueue outbox;
  private final ChannelHandlerContext line;

  private @Nullable WebSocketListener receiver;
  private int heardTick;
  private int framesInTick;
  private boolean asking;
  private byte @Nullable [] fragments;
  private boolean fragmentsAreText;

  private @Nullable String ending;
  private boolean over;
  private @Nullable List<Promise<Void>> closers;

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
    this.outbox = outbox;
    this.line = line;
    this.heardTick = loop.tick();
  }

  void open(WebSocketListener receiver) {
    this.receiver = receiver;
    loop.enter(this);
    sockets.enter(this);
  }

  /**
   * Sends after all that was sent before. Quietly does nothing on a socket that is closing; a
   * client that has too much unread is closed as slow.
   */
  public void send(EncodedFrame packet) {
    if (ending == null && !outbox.put(packet)) {
      meters.overflows.increment();
      end(CloseReason.SLOW);
    }
  }

  /** As {@link #send}, from any thread; what one thread sends stays in its order. */
  public void sendFromAnywhere(EncodedFrame packet) {
    if (line.executor().inEventLoop()) {
      send(packet);
    } else {
      line.executor().execute(() -> send(packet));
    }
  }

  /**
   * From now on a silent client is asked whether it is there, as browsers answer by themselves: for
   * wires whose clients may have nothing to say for long.
   */
  public void askWhenSilent() {
    asking = true;
  }

  /**
   * Runs {@code next} when little is waiting to be sent, so that a long list goes out at the
   * client's pace. Never runs it on a socket that is closing.
   */
  public void whenRoomy(Runnable next) {
    outbox.whenRoomy(
        () -> {
          if (ending == null) {
            next.run();
          }
        });
  }

  /** Whether little is waiting to be sent. */
  public boolean isRoomy() {
    return outbox.isRoomy();
  }

  @Override
  public Future<Void> close(CloseReason why) {
    Promise<Void> closed = Promise.promise();
    if (line.executor().inEventLoop()) {
      close(why, closed);
    } else {
      line.executor().execute(() -> close(why, closed));
    }
    return closed.future();
  }

  private void close(CloseReason why, Promise<Void> closed) {
    if (over) {
      closed.complete();
      return;
    }
    if (closers == null) {
      closers = new ArrayList<>(1);
    }
    closers.add(closed);
    end(why);
  }

  private void end(CloseReason why) {
    if (ending == null) {
      ending = why.name();
      sayClose(why);
    }
  }

  /** Even to a client that is slow: it may still find out why. */
  private ChannelFuture sayClose(CloseReason why) {
    heardTick = loop.tick();
    fragments = null;
    return outbox.end(EncodedFrame.close(why.code(), why.reason()));
  }

  /** Called by the loop in steps of its time. */
  void tick() {
    int silent = loop.tick() - heardTick;
    if (ending != null) {
      if (silent >= CLOSING_TICKS) {
        line.close();
      }
    } else if (silent > SocketLimits.TICKS) {
      end(CloseReason.PROTOCOL);
    } else if (asking && silent > 0 && silent % SocketLimits.ASK_TICKS == 0) {
      send(EncodedFrame.ping());
    }
  }

  void hear(WebSocketFrame frame) {
    if (ending != null) {
      if (frame instanceof CloseWebSocketFrame) {
        line.close();
      }
      return;
    }
    if (frame instanceof CloseWebSocketFrame) {
      ending = CLIENT;
      sayClose(CloseReason.DONE).addListener(ChannelFutureListener.CLOSE);
      return;
    }
    if (tooMany()) {
      end(CloseReason.FLOOD);
      return;
    }
    ByteBuf content = frame.content();
    meters.framesIn.increment();
    meters.bytesIn.increment(content.readableBytes());
    if (frame instanceof PingWebSocketFrame) {
      send(EncodedFrame.pong(ByteBufUtil.getBytes(content)));
    } else if (!(frame instanceof PongWebSocketFrame)) {
      hear(frame, ByteBufUtil.getBytes(content));
    }
  }

  private boolean tooMany() {
    if (heardTick != loop.tick()) {
      heardTick = loop.tick();
      framesInTick = 0;
    }
    return ++framesInTick > limits.framesPerTickMax();
  }

  /** A message, or the next fragment of one. */
  private void hear(WebSocketFrame frame, byte[] content) {
    byte[] message = content;
    if (frame instanceof ContinuationWebSocketFrame) {
      byte[] before = fragments == null ? new byte[0] : fragments;
      if (before.length + content.length > limits.frameBytesMax()) {
        end(CloseReason.TOO_BIG);
        return;
      }
      message = Arrays.copyOf(before, before.length + content.length);
      System.arraycopy(content, 0, message, before.length, content.length);
    } else {
      fragmentsAreText = frame instanceof TextWebSocketFrame;
    }
    if (message.length > limits.frameBytesMax()) {
      end(CloseReason.TOO_BIG);
    } else if (frame.isFinalFragment()) {
      fragments = null;
      deliver(message);
    } else {
      fragments = message;
    }
  }

  private void deliver(byte[] message) {
    WebSocketListener to = receiver;
    if (to == null) {
      return;
    }
    if (fragmentsAreText && !isUtf8(message)) {
      end(CloseReason.NOT_TEXT);
      return;
    }
    run(
        () -> {
          if (fragmentsAreText) {
            to.text(message);
          } else {
            to.binary(message);
          }
        });
  }

  private static boolean isUtf8(byte[] message) {
    return ByteBufUtil.isText(Unpooled.wrappedBuffer(message), CharsetUtil.UTF_8);
  }

  /** On the Vert.x context of the loop, so that answers come back to it. */
  private void run(Runnable work) {
    ContextInternal before = context.beginDispatch();
    try {
      work.run();
    } catch (RuntimeException broken) {
      LOG.error("a frame could not be handled", broken);
      end(CloseReason.BROKEN);
    } finally {
      context.endDispatch(before);
    }
  }

  /** Says goodbye, unless that was said before, and runs {@code cut} when it has left. */
  void closeFromOutside(Runnable cut) {
    if (ending == null) {
      ending = CloseReason.DONE.name();
      sayClose(CloseReason.DONE).addListener(_ -> cut.run());
    } else {
      cut.run();
    }
  }

  void roomy() {
    run(outbox::roomy);
  }

  /** What was received cannot be decoded, or the line broke. */
  void failed(Throwable cause) {
    Throwable known = cause;
    while (known instanceof DecoderException && known.getCause() instanceof CodecException inner) {
      known = inner;
    }
    switch (known) {
      case CorruptedWebSocketFrameException corrupt -> end(close(corrupt.closeStatus()));
      case DecompressionException inflation -> end(close(inflation));
      case CodecException _ -> end(CloseReason.PROTOCOL);
      case IOException _ -> line.close();
      default -> {
        LOG.error("a socket failed", cause);
        end(CloseReason.BROKEN);
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

  void gone() {
    if (over) {
      return;
    }
    over = true;
    meters.closed(ending == null ? GONE : ending);
    ending = ending == null ? GONE : ending;
    loop.leave(this);
    sockets.leave(this);
    WebSocketListener to = receiver;
    if (to != null) {
      run(() -> to.closed().onComplete(_ -> told()));
    } else {
      told();
    }
  }

  private void told() {
    if (closers != null) {
      closers.forEach(Promise::tryComplete);
    }
  }
}

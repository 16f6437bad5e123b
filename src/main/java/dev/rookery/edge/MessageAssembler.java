package dev.rookery.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts the frames of one connection together to messages. Counts what it keeps to the connection's
 * {@link MemoryAccount}, with what Netty's decoder keeps of a partial frame, and knows since when a
 * message is unfinished. Confined to the event loop of the connection.
 *
 * <p>Refuses a message of more bytes than the maximum, fragments without content that come too
 * often, and what exceeds {@link #limitBytes}.
 */
final class MessageAssembler {
  private static final int NEVER = -1;
  private static final int FRAME_HEADER_BYTES_MAX = 14;
  // What the inflater of a connection keeps while a compressed message is not finished.
  private static final int INFLATER_BYTES = 48 << 10;
  private static final byte[] NO_BYTES = {};

  private final EventLoopSockets loop;
  private final int bytesMax;
  private final boolean compressed;
  private final MemoryAccount memory;
  private final SocketMeters meters;
  private final MessageHandler handler;
  private final Consumer<CloseReason> refuse;

  private byte @Nullable [] fragments;
  private int fragmentBytes;
  private boolean isText;
  private int emptyFragments;
  private int emptyFragmentsTick = NEVER;
  private int decoderBytes;
  private boolean frameReceived;
  private int unfinishedSince = NEVER;
  private int bytesLeft = NEVER;

  /** Receives whole messages. */
  @FunctionalInterface
  interface MessageHandler {
    void handle(byte[] message, boolean isText);
  }

  /**
   * @param bytesMax of a message
   * @param compressed whether the connection may receive compressed messages
   * @param refuse is called with the reason to close the connection
   */
  MessageAssembler(
      EventLoopSockets loop,
      int bytesMax,
      boolean compressed,
      MemoryAccount memory,
      SocketMeters meters,
      MessageHandler handler,
      Consumer<CloseReason> refuse) {
    this.loop = loop;
    this.bytesMax = bytesMax;
    this.compressed = compressed;
    this.memory = memory;
    this.meters = meters;
    this.handler = handler;
    this.refuse = refuse;
  }

  /** Limits the bytes of all messages together, until {@link #unlimitBytes}. */
  void limitBytes(int bytes) {
    bytesLeft = bytes;
  }

  void unlimitBytes() {
    bytesLeft = NEVER;
  }

  /** Whether a frame or message is unfinished for longer than allowed. */
  boolean isOverdue() {
    return unfinishedSince != NEVER && loop.tick() - unfinishedSince > loop.messageTicks();
  }

  /** A whole frame of any kind has arrived. */
  void onFrame() {
    frameReceived = true;
  }

  /**
   * Called after each read.
   *
   * @param capacity bytes of memory in which the decoder keeps a partial frame; 0 without one
   * @param readable bytes of the partial frame
   */
  void onPartialFrame(int capacity, int readable) {
    if (bytesLeft != NEVER && readable > bytesLeft + FRAME_HEADER_BYTES_MAX) {
      refuse.accept(CloseReason.TOO_BIG);
    }
    if (capacity == 0 && decoderBytes == 0) {
      frameReceived = false;
      return;
    }
    decoderBytes = capacity;
    if (capacity > 0 && (unfinishedSince == NEVER || (frameReceived && fragments == null))) {
      unfinishedSince = loop.tick();
    } else if (capacity == 0 && fragments == null) {
      unfinishedSince = NEVER;
    }
    frameReceived = false;
    countReceived();
  }

  private void countReceived() {
    int inFragments = fragments == null ? 0 : fragments.length + (compressed ? INFLATER_BYTES : 0);
    memory.setReceived(decoderBytes + inFragments);
  }

  /** Takes a frame of a message; hands the message over if it is the last one. */
  void receive(WebSocketFrame frame) {
    ByteBuf content = frame.content();
    int length = content.readableBytes();
    boolean continued = frame instanceof ContinuationWebSocketFrame;
    int before = continued ? fragmentBytes : 0;
    if (length > bytesMax - before || exceedsBytesLeft(length)) {
      refuse.accept(CloseReason.TOO_BIG);
      return;
    }
    if (!continued) {
      isText = frame instanceof TextWebSocketFrame;
    }
    if (frame.isFinalFragment() && before == 0) {
      clear();
      handler.handle(ByteBufUtil.getBytes(content), isText);
      return;
    }
    if (length == 0 && !frame.isFinalFragment() && exceedsEmptyFragments()) {
      refuse.accept(CloseReason.FLOOD);
      return;
    }
    append(content, before);
    if (frame.isFinalFragment()) {
      byte[] message = wholeMessage();
      clear();
      handler.handle(message, isText);
    }
  }

  private boolean exceedsBytesLeft(int length) {
    if (bytesLeft != NEVER) {
      if (length > bytesLeft) {
        return true;
      }
      bytesLeft -= length;
    }
    return false;
  }

  private boolean exceedsEmptyFragments() {
    meters.emptyFragments.increment();
    if (emptyFragmentsTick != loop.tick()) {
      emptyFragmentsTick = loop.tick();
      emptyFragments = 0;
    }
    return ++emptyFragments > loop.emptyFragmentsPerTickMax();
  }

  /** Appends to the fragments. Their array grows by half at least, so that copying is linear. */
  private void append(ByteBuf content, int before) {
    if (fragments == null) {
      fragments = NO_BYTES;
      if (unfinishedSince == NEVER || decoderBytes == 0) {
        unfinishedSince = loop.tick();
      }
    }
    int length = before + content.readableBytes();
    byte[] all = fragments;
    if (length > all.length) {
      int grown = Math.min(bytesMax, before + before / 2);
      all = Arrays.copyOf(all, Math.max(length, grown));
    }
    content.getBytes(content.readerIndex(), all, before, content.readableBytes());
    fragments = all;
    fragmentBytes = length;
    countReceived();
  }

  private byte[] wholeMessage() {
    byte[] all = fragments == null ? NO_BYTES : fragments;
    return all.length == fragmentBytes ? all : Arrays.copyOf(all, fragmentBytes);
  }

  /** Drops the fragments of an unfinished message. */
  void clear() {
    fragmentBytes = 0;
    if (fragments != null) {
      fragments = null;
      unfinishedSince = NEVER;
      countReceived();
    }
  }
}

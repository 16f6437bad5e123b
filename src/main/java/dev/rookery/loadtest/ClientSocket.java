package dev.rookery.loadtest;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A minimal WebSocket client on Netty: thousands of sockets must cost the load generator less than
 * they cost the server. Confined to its event loop.
 */
final class ClientSocket extends ChannelInboundHandlerAdapter {
  private static final byte[] HEARTBEAT =
      ClientFrames.text("[null,\"0\",\"phoenix\",\"heartbeat\",{}]");
  private static final byte[] HEAD_END = {'\r', '\n', '\r', '\n'};
  private static final String SWITCHING_PROTOCOLS = "HTTP/1.1 101";
  private static final int RESPONSE_MAX = 16_384;
  private static final int FRAME_MAX = 4 * 1_024 * 1_024;
  private static final int ABNORMAL_CLOSURE = 1006;
  private static final int STALLED_BUFFER_BYTES = 4_096;

  /** Receives the messages of the socket. */
  interface Listener {
    /** Good until it returns. */
    void receive(PhoenixMessage message);

    /**
     * The socket was closed, not by this client. Code 1006 if the connection broke without a close
     * frame.
     */
    default void closed(int code) {}
  }

  /** Receives raw text messages, on a socket without channels and without heartbeats. */
  interface TextListener extends Listener {
    /** Good until it returns. */
    void receive(byte[] bytes, int from, int to);

    @Override
    default void receive(PhoenixMessage message) {
      throw new IllegalStateException("this socket has no channels");
    }
  }

  private final ClientSockets sockets;
  private final URI node;
  private final String path;
  private final Listener listener;
  private final Promise<ClientSocket> opened = Promise.promise();

  private @Nullable ChannelHandlerContext channelContext;
  private byte @Nullable [] unread;
  private boolean open;
  private boolean stalled;
  private boolean closing;
  private int code = ABNORMAL_CLOSURE;
  private int refs;
  int index = -1;

  /**
   * @param path the path with its query
   */
  ClientSocket(ClientSockets sockets, URI node, String path, Listener listener) {
    this.sockets = sockets;
    this.node = node;
    this.path = path;
    this.listener = listener;
  }

  Promise<ClientSocket> opened() {
    return opened;
  }

  Listener listener() {
    return listener;
  }

  boolean isOpen() {
    return open;
  }

  /** Joins a topic; returns the ref under which the listener receives the reply. */
  String join(String topic, JsonObject payload) {
    String ref = Integer.toString(++refs);
    send("[\"" + ref + "\",\"" + ref + "\",\"" + topic + "\",\"phx_join\"," + payload + "]");
    return ref;
  }

  void send(String text) {
    write(ClientFrames.text(text));
  }

  /**
   * Sends a heartbeat, so that the server does not close the socket as idle. Sockets without
   * channels are pinged by the server instead.
   */
  void sendHeartbeat() {
    if (!(listener instanceof TextListener)) {
      write(HEARTBEAT);
    }
  }

  void write(byte[] frame) {
    ChannelHandlerContext to = channelContext;
    if (to != null) {
      to.writeAndFlush(ClientFrames.shared(frame), to.voidPromise());
    }
  }

  /** Stops reading, like a client whose process hangs. */
  void stopReading() {
    stalled = true;
    if (channelContext != null) {
      channelContext.channel().config().setOption(ChannelOption.SO_RCVBUF, STALLED_BUFFER_BYTES);
      channelContext.channel().config().setAutoRead(false);
    }
  }

  /** Closes the connection without a close frame. */
  void drop() {
    closing = true;
    if (channelContext != null) {
      channelContext.close();
    }
  }

  /** Sends a close frame; the server closes the connection. */
  void close() {
    if (open && !stalled) {
      closing = true;
      write(ClientFrames.close(1000));
    } else {
      drop();
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    channelContext = context;
    String request =
        "GET "
            + path
            + " HTTP/1.1\r\nHost: "
            + node.getHost()
            + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    context.writeAndFlush(
        ClientFrames.shared(request.getBytes(StandardCharsets.US_ASCII)), context.voidPromise());
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    var read = (ByteBuf) message;
    try {
      byte[] previous = unread == null ? new byte[0] : unread;
      int length = previous.length + read.readableBytes();
      byte[] bytes = sockets.readBuffer(length);
      System.arraycopy(previous, 0, bytes, 0, previous.length);
      read.readBytes(bytes, previous.length, length - previous.length);
      int consumed = open ? readFrames(bytes, 0, length) : readResponse(bytes, length);
      unread = consumed == length ? null : Arrays.copyOfRange(bytes, consumed, length);
    } finally {
      read.release();
    }
  }

  /** Reads the handshake's response; returns the number of bytes used, with the frames after it. */
  private int readResponse(byte[] bytes, int length) {
    int end = 0;
    while (end + HEAD_END.length <= length
        && !Arrays.equals(bytes, end, end + HEAD_END.length, HEAD_END, 0, HEAD_END.length)) {
      end++;
    }
    if (end + HEAD_END.length > length) {
      if (length > RESPONSE_MAX) {
        fail("the handshake's response is too long");
      }
      return 0;
    }
    var response = new String(bytes, 0, end, StandardCharsets.US_ASCII);
    if (!response.startsWith(SWITCHING_PROTOCOLS)) {
      String status = response.lines().findFirst().orElse("");
      String[] parts = status.split(" ");
      boolean known = parts.length > 1 && parts[1].matches("[1-5]\\d\\d");
      opened.tryFail(
          new RequestException(
              known ? Integer.parseInt(parts[1]) : 0,
              node + ": the handshake failed with " + status));
      drop();
      return length;
    }
    open = true;
    sockets.add(this);
    opened.tryComplete(this);
    return readFrames(bytes, end + HEAD_END.length, length);
  }

  private void fail(String reason) {
    opened.tryFail(new RequestException(0, node + ": " + reason));
    drop();
  }

  private int readFrames(byte[] bytes, int from, int to) {
    int at = from;
    int count = 0;
    while (to - at >= 2) {
      int length = bytes[at + 1] & 0x7F;
      int header = 2;
      if (length == 126) {
        header = 4;
      } else if (length == 127) {
        header = 10;
      }
      if (to - at < header) {
        break;
      }
      if (header > 2) {
        length = 0;
        for (int i = header == 4 ? 2 : 6; i < header; i++) {
          length = length << 8 | bytes[at + i] & 0xFF;
        }
      }
      if (length < 0 || length > FRAME_MAX) {
        sockets.metrics().failed("a frame of " + length + " bytes");
        drop();
        return to;
      }
      if (to - at < header + length) {
        break;
      }
      readFrame(bytes, at, at + header, at + header + length);
      at += header + length;
      count++;
    }
    sockets.metrics().read(count);
    return at;
  }

  private void readFrame(byte[] bytes, int head, int from, int to) {
    switch (bytes[head] & 0xFF) {
      case 0x81 -> {
        PhoenixMessage message = sockets.message();
        if (listener instanceof TextListener plain) {
          plain.receive(bytes, from, to);
        } else if (message.read(bytes, from, to)) {
          listener.receive(message);
        } else {
          sockets
              .metrics()
              .failed(
                  "not a message: " + new String(bytes, from, to - from, StandardCharsets.UTF_8));
        }
      }
      case 0x88 -> {
        code = to - from < 2 ? 1005 : (bytes[from] & 0xFF) << 8 | bytes[from + 1] & 0xFF;
        Objects.requireNonNull(channelContext)
            .writeAndFlush(ClientFrames.shared(ClientFrames.close(1000)))
            .addListener(ChannelFutureListener.CLOSE);
      }
      case 0x89 -> write(ClientFrames.pong(Arrays.copyOfRange(bytes, from, to)));
      case 0x8A -> {
        // An unsolicited pong needs no reaction.
      }
      default -> {
        sockets.metrics().failed("a frame that starts with " + (bytes[head] & 0xFF));
        drop();
      }
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    channelContext = null;
    if (open) {
      open = false;
      sockets.remove(this);
      if (!closing) {
        listener.closed(code);
      }
    }
    opened.tryFail(new RequestException(0, node + ": closed before it was open"));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    Channel channel = context.channel();
    opened.tryFail(new RequestException(0, node + ": " + cause));
    channel.close();
  }
}

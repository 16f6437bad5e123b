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
 * One WebSocket, from the bytes up: thousands of them must cost a generator less than they cost the
 * server. Confined to its event loop.
 */
final class ClientSocket extends ChannelInboundHandlerAdapter {
  private static final byte[] HEARTBEAT =
      ClientFrames.text("[null,\"0\",\"phoenix\",\"heartbeat\",{}]");
  private static final byte[] HEAD_END = {'\r', '\n', '\r', '\n'};
  private static final String SWITCHED = "HTTP/1.1 101";
  private static final int ANSWER_MAX = 16_384;
  private static final int FRAME_MAX = 4 * 1_024 * 1_024;
  private static final int GONE = 1006;
  private static final int DEAF_BYTES = 4_096;

  /** Who hears what comes. */
  interface Listener {
    /** Good until it returns. */
    void hear(PhoenixMessage pushed);

    /** Not by us. 1006 when the line broke without a word. */
    default void closed(int code) {}
  }

  /** Who hears texts as they come, on a socket without channels; it has no heartbeats either. */
  interface TextListener extends Listener {
    /** Good until it returns. */
    void hear(byte[] bytes, int from, int to);

    @Override
    default void hear(PhoenixMessage pushed) {
      throw new IllegalStateException("read as of a channel");
    }
  }

  private final ClientSockets all;
  private final URI node;
  private final String path;
  private final Listener listener;
  private final Promise<ClientSocket> opened = Promise.promise();

  private @Nullable ChannelHandlerContext line;
  private byte @Nullable [] rest;
  private boolean open;
  private boolean deaf;
  private boolean leaving;
  private int code = GONE;
  private int refs;
  int place = -1;

  /**
   * @param path with its query
   */
  ClientSocket(ClientSockets all, URI node, String path, Listener listener) {
    this.all = all;
    this.node = node;
    this.path = path;
    this.listener = listener;
  }

  Promise<ClientSocket> opened() {
    return opened;
  }

  boolean isOpen() {
    return open;
  }

  /** Joins a topic; the reply comes to the listener under the ref that is answered. */
  String join(String topic, JsonObject payload) {
    String ref = Integer.toString(++refs);
    send("[\"" + ref + "\",\"" + ref + "\",\"" + topic + "\",\"phx_join\"," + payload + "]");
    return ref;
  }

  void send(String text) {
    write(ClientFrames.text(text));
  }

  /** So that it is not closed for being silent; servers ask where there are no channels. */
  void beat() {
    if (!(listener instanceof TextListener)) {
      write(HEARTBEAT);
    }
  }

  void write(byte[] frame) {
    ChannelHandlerContext to = line;
    if (to != null) {
      to.writeAndFlush(ClientFrames.shared(frame), to.voidPromise());
    }
  }

  /** Reads nothing any more, as a client whose process hangs. */
  void stopReading() {
    deaf = true;
    if (line != null) {
      line.channel().config().setOption(ChannelOption.SO_RCVBUF, DEAF_BYTES);
      line.channel().config().setAutoRead(false);
    }
  }

  /** Cuts the line without a word. */
  void drop() {
    leaving = true;
    if (line != null) {
      line.close();
    }
  }

  /** Says goodbye; the server cuts the line. */
  void close() {
    if (open && !deaf) {
      leaving = true;
      write(ClientFrames.close(1000));
    } else {
      drop();
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    line = context;
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
      byte[] kept = rest == null ? new byte[0] : rest;
      int length = kept.length + read.readableBytes();
      byte[] bytes = all.scratch(length);
      System.arraycopy(kept, 0, bytes, 0, kept.length);
      read.readBytes(bytes, kept.length, length - kept.length);
      int used = open ? frames(bytes, 0, length) : answer(bytes, length);
      rest = used == length ? null : Arrays.copyOfRange(bytes, used, length);
    } finally {
      read.release();
    }
  }

  /** The answer to the handshake; how many bytes of it were taken, with frames behind it. */
  private int answer(byte[] bytes, int length) {
    int end = 0;
    while (end + HEAD_END.length <= length
        && !Arrays.equals(bytes, end, end + HEAD_END.length, HEAD_END, 0, HEAD_END.length)) {
      end++;
    }
    if (end + HEAD_END.length > length) {
      if (length > ANSWER_MAX) {
        fail("an answer without an end");
      }
      return 0;
    }
    var answer = new String(bytes, 0, end, StandardCharsets.US_ASCII);
    if (!answer.startsWith(SWITCHED)) {
      String status = answer.lines().findFirst().orElse("");
      String[] words = status.split(" ");
      boolean known = words.length > 1 && words[1].matches("[1-5]\\d\\d");
      opened.tryFail(
          new RequestException(
              known ? Integer.parseInt(words[1]) : 0, node + ": a socket is " + status));
      drop();
      return length;
    }
    open = true;
    all.enter(this);
    opened.tryComplete(this);
    return frames(bytes, end + HEAD_END.length, length);
  }

  private void fail(String why) {
    opened.tryFail(new RequestException(0, node + ": " + why));
    drop();
  }

  private int frames(byte[] bytes, int from, int to) {
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
        all.figures().failed("a frame of " + length + " bytes");
        drop();
        return to;
      }
      if (to - at < header + length) {
        break;
      }
      frame(bytes, at, at + header, at + header + length);
      at += header + length;
      count++;
    }
    all.figures().read(count);
    return at;
  }

  private void frame(byte[] bytes, int head, int from, int to) {
    switch (bytes[head] & 0xFF) {
      case 0x81 -> {
        PhoenixMessage pushed = all.pushed();
        if (listener instanceof TextListener plain) {
          plain.hear(bytes, from, to);
        } else if (pushed.read(bytes, from, to)) {
          listener.hear(pushed);
        } else {
          all.figures()
              .failed(
                  "not a message: " + new String(bytes, from, to - from, StandardCharsets.UTF_8));
        }
      }
      case 0x88 -> {
        code = to - from < 2 ? 1005 : (bytes[from] & 0xFF) << 8 | bytes[from + 1] & 0xFF;
        Objects.requireNonNull(line)
            .writeAndFlush(ClientFrames.shared(ClientFrames.close(1000)))
            .addListener(ChannelFutureListener.CLOSE);
      }
      case 0x89 -> write(ClientFrames.pong(Arrays.copyOfRange(bytes, from, to)));
      case 0x8A -> {
        // Nobody asked, and nobody minds.
      }
      default -> {
        all.figures().failed("a frame that starts with " + (bytes[head] & 0xFF));
        drop();
      }
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    line = null;
    if (open) {
      open = false;
      all.leave(this);
      if (!leaving) {
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

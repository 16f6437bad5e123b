package dev.rookery.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;
import io.vertx.core.net.impl.ConnectionBase;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An HTTP/1 decoder that takes the length of a body only from a header that nobody can read
 * otherwise: one {@code Content-Length}, or one {@code Transfer-Encoding: chunked} in HTTP/1.1.
 *
 * <p>Any other form makes the request invalid, so that it is answered with 400 and the connection
 * closed. A proxy in front that understood such a header differently would see another end of the
 * request than this server, and the rest of it as a request of another client (RFC 9112, section
 * 11.2). The same holds for several {@code Host} headers, an invalid one, and none in HTTP/1.1.
 *
 * <p>The lines with the sizes of chunks are read here, because Netty lets a size overflow and
 * refuses some valid extensions. Extensions are ignored, up to {@value #EXTENSION_BYTES_MAX} bytes
 * in a body.
 */
final class StrictRequestDecoder extends VertxHttpRequestDecoder {
  private static final String CHUNKED = "chunked";
  private static final byte LINE_FEED = '\n';

  /** The longest line with the size of a chunk. */
  private static final int SIZE_LINE_MAX = 512;

  /** A size may begin with zeros. */
  private static final int SIZE_DIGITS_MAX = 16;

  private static final int EXTENSION_BYTES_MAX = 4096;

  private static final int CRLF_BYTES = 2;

  private static final Pattern HOST =
      Pattern.compile("([A-Za-z0-9._~-]+|\\[[0-9A-Fa-f:.]+(%[A-Za-z0-9._~%-]+)?])(:[0-9]{0,5})?");

  private static final int PORT_MAX = 65_535;

  /** What comes next in a chunked body. */
  private enum Next {
    /** No body, one that is not chunked, or what follows the last chunk. */
    OTHER,
    SIZE,
    CHUNK
  }

  private Next next = Next.OTHER;
  private boolean chunked;
  private long chunkBytes;
  private int extensionBytes;
  private int contentLengths;
  private int hosts;
  private int transferEncodings;

  /** The last host that was valid: most connections name one alone. */
  private String knownHost = "";

  private StrictRequestDecoder(HttpServerOptions options) {
    super(options);
  }

  /** Replaces the decoder of a new connection, before it has received anything. */
  static void install(HttpConnection connection, HttpServerOptions options) {
    String name = WebSocketUpgrader.HTTP_DECODER;
    ((ConnectionBase) connection)
        .channel()
        .pipeline()
        .replace(name, name, new StrictRequestDecoder(options));
  }

  @Override
  protected HttpMessage createMessage(String[] initialLine) {
    contentLengths = 0;
    hosts = 0;
    transferEncodings = 0;
    chunked = false;
    extensionBytes = 0;
    return super.createMessage(initialLine);
  }

  /**
   * Counts here, because the decoder makes one of several equal lengths of an HTTP/1.0 request, and
   * because that is cheaper than to look for several values of a header.
   */
  @Override
  protected AsciiString splitHeaderName(byte[] line, int start, int length) {
    AsciiString name = super.splitHeaderName(line, start, length);
    if (length == HttpHeaderNames.HOST.length()) {
      hosts += is(name, HttpHeaderNames.HOST);
    } else if (length == HttpHeaderNames.CONTENT_LENGTH.length()) {
      contentLengths += is(name, HttpHeaderNames.CONTENT_LENGTH);
    } else if (length == HttpHeaderNames.TRANSFER_ENCODING.length()) {
      transferEncodings += is(name, HttpHeaderNames.TRANSFER_ENCODING);
    }
    return name;
  }

  private static int is(AsciiString name, AsciiString expected) {
    return expected.contentEqualsIgnoreCase(name) ? 1 : 0;
  }

  /**
   * Called once per request, when its headers are complete and before their meaning for the body is
   * decided; what is thrown here makes the request invalid.
   */
  @Override
  protected boolean isContentAlwaysEmpty(HttpMessage message) {
    checkHost(message);
    if (contentLengths > 1) {
      throw new IllegalArgumentException("several Content-Length headers");
    }
    if (transferEncodings > 0) {
      if (contentLengths > 0) {
        throw new IllegalArgumentException("Transfer-Encoding and Content-Length together");
      }
      // In lower case, as all clients send it: whatever else is read as "chunked" by some servers
      // and not by others.
      if (transferEncodings > 1
          || !CHUNKED.equals(message.headers().get(HttpHeaderNames.TRANSFER_ENCODING))
          || !message.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
        throw new IllegalArgumentException("a Transfer-Encoding other than chunked");
      }
      chunked = true;
    }
    return super.isContentAlwaysEmpty(message);
  }

  private void checkHost(HttpMessage message) {
    if (hosts > 1) {
      throw new IllegalArgumentException("several Host headers");
    }
    String host = hosts == 0 ? "" : message.headers().get(HttpHeaderNames.HOST);
    if (host.isEmpty()
        ? message.protocolVersion().equals(HttpVersion.HTTP_1_1)
        : !host.equals(knownHost) && !isHost(host)) {
      throw new IllegalArgumentException("no Host header, or an invalid one");
    }
    knownHost = host;
  }

  private static boolean isHost(String text) {
    Matcher host = HOST.matcher(text);
    if (!host.matches()) {
      return false;
    }
    String port = host.group(3);
    return port == null || port.length() < 2 || Integer.parseInt(port.substring(1)) <= PORT_MAX;
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf buffer, List<Object> out)
      throws Exception {
    switch (next) {
      case SIZE -> decodeSize(context, buffer, out);
      case CHUNK -> {
        int before = buffer.readableBytes();
        super.decode(context, buffer, out);
        chunkBytes -= before - buffer.readableBytes();
        if (chunkBytes <= 0) {
          next = Next.SIZE;
        }
      }
      case OTHER -> {
        super.decode(context, buffer, out);
        if (chunked
            && !out.isEmpty()
            && out.getLast() instanceof HttpMessage head
            && head.decoderResult().isSuccess()) {
          chunked = false;
          next = Next.SIZE;
        }
      }
    }
  }

  /** Reads the line with the size of a chunk, and gives Netty one that is the size alone. */
  private void decodeSize(ChannelHandlerContext context, ByteBuf buffer, List<Object> out)
      throws Exception {
    int length = buffer.bytesBefore(Math.min(buffer.readableBytes(), SIZE_LINE_MAX), LINE_FEED);
    if (length < 0 && buffer.readableBytes() < SIZE_LINE_MAX) {
      return;
    }
    long size = length < 0 ? -1 : size(buffer, length);
    if (size < 0 || extensionBytes > EXTENSION_BYTES_MAX) {
      next = Next.OTHER;
      buffer.skipBytes(buffer.readableBytes());
      super.decode(context, line("invalid"), out);
      return;
    }
    buffer.skipBytes(length + 1);
    chunkBytes = size + CRLF_BYTES;
    next = size == 0 ? Next.OTHER : Next.CHUNK;
    super.decode(context, line(Long.toHexString(size)), out);
  }

  private static ByteBuf line(String size) {
    return Unpooled.copiedBuffer(size + "\r\n", StandardCharsets.US_ASCII);
  }

  /**
   * The size in a line.
   *
   * @param length of the line, without its line feed
   * @return -1 if the line is malformed, or the size too large
   */
  private long size(ByteBuf buffer, int length) {
    int at = buffer.readerIndex();
    int end = at + length - 1;
    if (length < 2 || buffer.getByte(end) != '\r') {
      return -1;
    }
    int digits = 0;
    long size = 0;
    while (at < end && digits < SIZE_DIGITS_MAX && Character.digit(buffer.getByte(at), 16) >= 0) {
      size = (size << 4) | Character.digit(buffer.getByte(at), 16);
      digits++;
      at++;
    }
    if (digits == 0 || size < 0 || size > Integer.MAX_VALUE) {
      return -1;
    }
    return isExtension(buffer, at, end) ? size : -1;
  }

  /** Whether this is nothing, or a semicolon and text behind it. Counts it. */
  private boolean isExtension(ByteBuf buffer, int start, int end) {
    extensionBytes += end - start;
    boolean begun = false;
    for (int i = start; i < end; i++) {
      int c = buffer.getUnsignedByte(i);
      begun |= c == ';';
      boolean text = c == '\t' || (c >= ' ' && c != 0x7f);
      if (!text || (!begun && c != ' ' && c != '\t')) {
        return false;
      }
    }
    return begun || start == end;
  }
}

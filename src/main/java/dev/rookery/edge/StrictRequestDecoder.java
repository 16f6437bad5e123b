package dev.rookery.edge;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.List;

/**
 * An HTTP/1 decoder that takes the length of a body only from a header that nobody can read
 * otherwise: one {@code Content-Length}, or one {@code Transfer-Encoding: chunked} in HTTP/1.1.
 *
 * <p>Any other form makes the request invalid, so that it is answered with 400 and the connection
 * closed. A proxy in front that understood such a header differently would see another end of the
 * request than this server, and the rest of it as a request of another client (RFC 9112, section
 * 11.2).
 */
final class StrictRequestDecoder extends VertxHttpRequestDecoder {
  private static final String CHUNKED = "chunked";

  private int contentLengths;

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
    return super.createMessage(initialLine);
  }

  /** Counts here, because the decoder makes one of several equal lengths of an HTTP/1.0 request. */
  @Override
  protected AsciiString splitHeaderName(byte[] line, int start, int length) {
    AsciiString name = super.splitHeaderName(line, start, length);
    if (length == HttpHeaderNames.CONTENT_LENGTH.length()
        && HttpHeaderNames.CONTENT_LENGTH.contentEqualsIgnoreCase(name)) {
      contentLengths++;
    }
    return name;
  }

  /**
   * Called once per request, when its headers are complete and before their meaning for the body is
   * decided; what is thrown here makes the request invalid.
   */
  @Override
  protected boolean isContentAlwaysEmpty(HttpMessage message) {
    if (contentLengths > 1) {
      throw new IllegalArgumentException("several Content-Length headers");
    }
    List<String> encodings = message.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
    if (!encodings.isEmpty()) {
      if (contentLengths > 0) {
        throw new IllegalArgumentException("Transfer-Encoding and Content-Length together");
      }
      // In lower case, as all clients send it: whatever else is read as "chunked" by some servers
      // and not by others.
      if (encodings.size() > 1
          || !encodings.getFirst().equals(CHUNKED)
          || !message.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
        throw new IllegalArgumentException("a Transfer-Encoding other than chunked");
      }
    }
    return super.isContentAlwaysEmpty(message);
  }
}

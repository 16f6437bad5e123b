package dev.rookery.edge;

import io.netty.handler.codec.compression.ZlibCodecFactory;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionData;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionUtil;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketServerExtension;
import io.netty.handler.codec.http.websocketx.extensions.compression.PerMessageDeflateServerExtensionHandshaker;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Negotiates {@code permessage-deflate} (RFC 7692), always without context takeover: a compression
 * context costs a third of a megabyte per socket, and most sockets are idle most of the time.
 */
final class PerMessageDeflate {
  /**
   * Size in bytes from which messages are compressed; for shorter ones it costs more than it saves.
   */
  static final int BYTES_MIN = 1_024;

  private static final String NAME = "permessage-deflate";
  private static final int LEVEL = 3;

  private PerMessageDeflate() {}

  /** Accepts the first acceptable offer of the client; null if there is none. */
  static @Nullable WebSocketServerExtension negotiate(
      @Nullable String offers, int messageBytesMax) {
    if (offers == null) {
      return null;
    }
    var handshaker =
        new PerMessageDeflateServerExtensionHandshaker(
            LEVEL,
            ZlibCodecFactory.isSupportingWindowSizeAndMemLevel(),
            PerMessageDeflateServerExtensionHandshaker.MAX_WINDOW_SIZE,
            true,
            true,
            messageBytesMax);
    try {
      for (WebSocketExtensionData offer : WebSocketExtensionUtil.extractExtensions(offers)) {
        if (offer.name().equals(NAME)) {
          var parameters = new LinkedHashMap<String, @Nullable String>(offer.parameters());
          // A server may require these even if the client did not offer them (RFC 7692, section
          // 7.1.1).
          parameters.put("server_no_context_takeover", null);
          parameters.put("client_no_context_takeover", null);
          var accepted =
              handshaker.handshakeExtension(new WebSocketExtensionData(NAME, parameters));
          if (accepted != null) {
            return accepted;
          }
        }
      }
    } catch (IllegalArgumentException _) {
      // A malformed offer: the connection continues without compression.
    }
    return null;
  }

  /** The value of the response header {@code Sec-WebSocket-Extensions}. */
  static String responseHeader(WebSocketServerExtension accepted) {
    WebSocketExtensionData response = accepted.newReponseData();
    var text = new StringBuilder(response.name());
    response
        .parameters()
        .forEach(
            (name, value) -> {
              text.append("; ").append(name);
              if (value != null) {
                text.append('=').append(value);
              }
            });
    return text.toString();
  }
}

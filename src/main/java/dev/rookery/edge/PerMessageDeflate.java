package dev.rookery.edge;

import io.netty.handler.codec.compression.ZlibCodecFactory;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionData;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionUtil;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketServerExtension;
import io.netty.handler.codec.http.websocketx.extensions.compression.PerMessageDeflateServerExtensionHandshaker;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/**
 * {@code permessage-deflate}, always without context takeover: a context costs a third of a
 * megabyte per socket, and most sockets are idle most of the time.
 */
final class PerMessageDeflate {
  /** Shorter messages gain less than the call costs, and stay as they are. */
  static final int BYTES_MIN = 1_024;

  private static final String NAME = "permessage-deflate";
  private static final int LEVEL = 3;

  private PerMessageDeflate() {}

  /** The first acceptable offer of the client, or null if there is none. */
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
          // A server may ask for these whether or not the client thought of them.
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
      // An offer that is no offer: the connection goes on without.
    }
    return null;
  }

  /** The answer's header value. */
  static String responseHeader(WebSocketServerExtension accepted) {
    WebSocketExtensionData answer = accepted.newReponseData();
    var text = new StringBuilder(answer.name());
    answer
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

package dev.rookery.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;

/** The server side of the WebSocket opening handshake (RFC 6455, section 4.2). */
final class WebSocketHandshake {
  private static final CharSequence KEY = HttpHeaders.createOptimized("Sec-WebSocket-Key");
  private static final CharSequence VERSION = HttpHeaders.createOptimized("Sec-WebSocket-Version");
  // The constant of RFC 6455, section 1.3, that proves that the server understands WebSockets.
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final String ACCEPTED =
      "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n"
          + "sec-websocket-accept: ";

  private WebSocketHandshake() {}

  static boolean isUpgradeRequest(HttpServerRequest request) {
    String connection = request.getHeader(HttpHeaders.CONNECTION);
    return request.method().equals(HttpMethod.GET)
        && connection != null
        && connection.toLowerCase(Locale.ROOT).contains("upgrade")
        && "websocket".equalsIgnoreCase(request.getHeader(HttpHeaders.UPGRADE))
        && request.getHeader(KEY) != null
        && "13".equals(request.getHeader(VERSION));
  }

  /** Encodes the 101 response, including the headers already set on the request's response. */
  static ByteBuf acceptResponse(HttpServerRequest request, ByteBufAllocator allocator) {
    var response =
        new StringBuilder(384).append(ACCEPTED).append(acceptKey(request.getHeader(KEY)));
    for (Map.Entry<String, String> header : request.response().headers()) {
      response.append("\r\n").append(header.getKey()).append(": ").append(header.getValue());
    }
    return ByteBufUtil.writeUtf8(allocator, response.append("\r\n\r\n"));
  }

  static String acceptKey(String key) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-1");
      byte[] hash = digest.digest((key + GUID).getBytes(StandardCharsets.ISO_8859_1));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }
}

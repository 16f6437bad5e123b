package dev.rookery.edge;

import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.compression.DecompressionException;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;

/** Maps the exceptions of Netty's WebSocket decoders to the reasons that clients are told. */
final class CodecErrors {
  private CodecErrors() {}

  /** Why the socket is closed; {@link CloseReason#BROKEN} if it was not the client's fault. */
  static CloseReason closeReason(Throwable error) {
    Throwable root = error;
    while (root instanceof DecoderException && root.getCause() instanceof CodecException inner) {
      root = inner;
    }
    return switch (root) {
      case CorruptedWebSocketFrameException corrupt -> closeReason(corrupt.closeStatus());
      case DecompressionException failure -> closeReason(failure);
      case CodecException _ -> CloseReason.PROTOCOL;
      default -> CloseReason.BROKEN;
    };
  }

  private static CloseReason closeReason(WebSocketCloseStatus status) {
    if (status.equals(WebSocketCloseStatus.MESSAGE_TOO_BIG)) {
      return CloseReason.TOO_BIG;
    }
    return status.equals(WebSocketCloseStatus.INVALID_PAYLOAD_DATA)
        ? CloseReason.NOT_TEXT
        : CloseReason.PROTOCOL;
  }

  /** Netty reports a message that inflates beyond the maximum only in the exception's text. */
  private static CloseReason closeReason(DecompressionException failure) {
    String message = failure.getMessage();
    return message != null && message.contains("maximum size")
        ? CloseReason.TOO_BIG
        : CloseReason.NOT_TEXT;
  }
}

package dev.rookery.protocol.phoenix;

/**
 * A WebSocket message is not a valid frame. Has no stack trace, because the error is the client's.
 */
final class MalformedFrameException extends Exception {
  private static final long serialVersionUID = 1L;

  MalformedFrameException(String message) {
    super(message, null, false, false);
  }
}

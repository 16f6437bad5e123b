package dev.rookery.protocol.phoenix;

/** A message that is no frame. Has no stack trace: the fault is the sender's. */
final class MalformedFrameException extends Exception {
  private static final long serialVersionUID = 1L;

  MalformedFrameException(String why) {
    super(why, null, false, false);
  }
}

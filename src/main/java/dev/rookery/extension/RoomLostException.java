package dev.rookery.extension;

/** This node does not own the room any more, so what it sent last was not stored. */
public final class RoomLostException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /** For the server. */
  public RoomLostException(String message) {
    super(message);
  }
}

package dev.rookery.edge;

/** Why a connection ends. The code tells the client whether to come back. */
public enum CloseReason {
  DONE(1000, "done"),
  /** Silent for too long, or not speaking the protocol. */
  PROTOCOL(1002, "protocol"),
  NOT_TEXT(1007, "not utf-8"),
  /** Speaks faster than anybody needs to. */
  FLOOD(1008, "too many frames"),
  TOO_BIG(1009, "too big"),
  /** A frame that cannot be decoded, or a fault of ours. */
  BROKEN(1011, "broken"),
  /** Come back, to another node. */
  RESTART(1012, "restart"),
  /** Reads slower than it is written to. */
  SLOW(1013, "slow"),
  /** Come back with a new token; the old one is refused. */
  SESSION_ENDED(4001, "session ended");

  private final int code;
  private final String text;

  CloseReason(int code, String reason) {
    this.code = code;
    this.text = reason;
  }

  public int code() {
    return code;
  }

  public String text() {
    return text;
  }
}

package dev.rookery.protocol.openturn;

import java.util.Locale;

/** A saved game cannot be read (openturn contract, 5.2). */
final class SaveDecodeException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Code code;

  /** Why. The name in lower case is shown to clients. */
  enum Code {
    /** It is no saved game. */
    MAGIC,
    /** It is of another format, or of another version of the game. */
    VERSION,
    /** It names no key. */
    KEY,
    /** It was changed, or encrypted with another key. */
    AUTH,
    /** Its content cannot be read. */
    PAYLOAD
  }

  SaveDecodeException(Code code) {
    super(code.name().toLowerCase(Locale.ROOT), null, false, false);
    this.code = code;
  }

  Code code() {
    return code;
  }

  /** The code as clients are shown it. */
  String codeText() {
    return code.name().toLowerCase(Locale.ROOT);
  }
}

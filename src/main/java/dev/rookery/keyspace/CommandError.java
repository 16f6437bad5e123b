package dev.rookery.keyspace;

/** Ends a command with an error reply. Thrown before the command has changed anything. */
final class CommandError extends RuntimeException {
  private static final long serialVersionUID = 1;

  static final String SYNTAX = "ERR syntax error";
  static final String NOT_AN_INTEGER = "ERR value is not an integer or out of range";
  static final String NOT_A_FLOAT = "ERR value is not a valid float";
  static final String NO_SUCH_KEY = "ERR no such key";
  static final String WRONG_TYPE =
      "WRONGTYPE Operation against a key holding the wrong kind of value";

  private final String text;

  CommandError(String text) {
    super(text, null, false, false);
    this.text = text;
  }

  static CommandError syntax() {
    return new CommandError(SYNTAX);
  }

  String text() {
    return text;
  }
}

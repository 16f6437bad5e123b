package dev.rookery.keyspace;

/** Texts for calls that never run, as a script and as a client of Redis 6.2 sees them. */
final class Rejections {
  static final String NOT_FROM_SCRIPT = "This Redis command is not allowed from scripts";
  static final String OUT_OF_MEMORY = "OOM command not allowed when used memory > 'maxmemory'.";

  private static final int TEXT_MAX = 128;

  private Rejections() {}

  static String unknown(byte[][] arguments, KeyspaceCall call) {
    if (call.fromScript()) {
      return "Unknown Redis command called from Lua script";
    }
    var shown = new StringBuilder();
    for (int i = 1; i < arguments.length && shown.length() < TEXT_MAX; i++) {
      shown.append('`').append(clipped(arguments[i], TEXT_MAX - shown.length())).append("`, ");
    }
    return "ERR unknown command `"
        + clipped(arguments[0], TEXT_MAX)
        + "`, with args beginning with: "
        + shown;
  }

  private static String clipped(byte[] bytes, int max) {
    String text = ByteStrings.text(bytes);
    int end = text.indexOf('\0');
    if (end >= 0) {
      text = text.substring(0, end);
    }
    return text.length() > max ? text.substring(0, max) : text;
  }

  static String arity(CommandInfo info, KeyspaceCall call) {
    return call.fromScript()
        ? "Wrong number of args calling Redis command From Lua script"
        : "ERR wrong number of arguments for '" + info.name() + "' command";
  }
}

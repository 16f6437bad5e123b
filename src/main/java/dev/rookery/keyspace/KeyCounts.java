package dev.rookery.keyspace;

/** The arguments {@code numkeys} and {@code COUNT} of commands on several keys. */
final class KeyCounts {
  private KeyCounts() {}

  /**
   * How many keys follow, at least one.
   *
   * @param after arguments that must follow the keys
   */
  static int keys(Call call, int index, int after) {
    String error = "ERR numkeys should be greater than 0";
    long keys = Numbers.integer(call.arg(index), error);
    if (keys <= 0) {
      throw new CommandError(error);
    }
    if (keys > call.count() - index - 1L - after) {
      throw CommandError.syntax();
    }
    return (int) keys;
  }

  /** The last option, {@code COUNT} with a positive number; 1 without it. */
  static long count(Call call, int index) {
    if (index == call.count()) {
      return 1;
    }
    if (index + 2 != call.count() || !call.is(index, "count")) {
      throw CommandError.syntax();
    }
    String error = "ERR count should be greater than 0";
    long count = Numbers.integer(call.arg(index + 1), error);
    if (count <= 0) {
      throw new CommandError(error);
    }
    return count;
  }

  /** The option {@code LIMIT} with a number; 0, which is no limit, without it. */
  static long limit(Call call, int index) {
    long limit = 0;
    for (int i = index; i < call.count(); i += 2) {
      if (!call.is(i, "limit") || i + 1 == call.count()) {
        throw CommandError.syntax();
      }
      limit = ListCommands.notNegative(call, i + 1, "ERR LIMIT can't be negative");
    }
    return limit;
  }
}

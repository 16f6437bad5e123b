package dev.rookery.keyspace;

/** Strings that are numbers: {@code INCR} and its kind. */
final class NumberCommands {
  private NumberCommands() {}

  static void register(CommandTable table) {
    table.grow("incr", 2, call -> add(call, 1));
    table.grow("decr", 2, call -> add(call, -1));
    table.grow("incrby", 3, call -> add(call, call.integer(2)));
    table.grow("decrby", 3, call -> add(call, -call.integer(2)));
    table.grow("incrbyfloat", 3, NumberCommands::incrByFloat);
  }

  private static Reply add(Call call, long increment) {
    byte[] key = call.arg(1);
    StringValue value = call.read(key, StringValue.class);
    long old = value == null ? 0 : Numbers.integer(value.bytes());
    long sum = Numbers.sum(old, increment);
    byte[] text = ByteStrings.of(sum);
    if (value == null) {
      call.put(key, new StringValue(text));
    } else {
      call.database().touch(key, value);
      value.replace(text);
    }
    call.changed();
    return Reply.of(sum);
  }

  private static Reply incrByFloat(Call call) {
    byte[] key = call.arg(1);
    StringValue value = call.read(key, StringValue.class);
    byte[] old = value == null ? ByteStrings.of(0) : value.bytes();
    byte[] sum = LongDouble.add(old, call.arg(2), CommandError.NOT_A_FLOAT);
    StringCommands.replace(call, key, sum);
    return Reply.of(sum);
  }
}

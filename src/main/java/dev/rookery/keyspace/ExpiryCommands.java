package dev.rookery.keyspace;

import java.util.HashSet;
import java.util.Set;

/** When keys go. */
final class ExpiryCommands {
  private static final byte[] PEXPIREAT = ByteStrings.of("PEXPIREAT");

  private ExpiryCommands() {}

  static void register(CommandTable table) {
    table.write("expire", -3, call -> expire(call, "expire", 1000, false));
    table.write("pexpire", -3, call -> expire(call, "pexpire", 1, false));
    table.write("expireat", -3, call -> expire(call, "expireat", 1000, true));
    table.write("pexpireat", -3, call -> expire(call, "pexpireat", 1, true));
    table.read("ttl", 2, call -> remaining(call, 1000));
    table.read("pttl", 2, call -> remaining(call, 1));
    Set<CommandInfo.Flag> later = Set.of(CommandInfo.Flag.SINCE_7);
    table.add("expiretime", 2, later, 1, 1, 1, call -> time(call, 1000));
    table.add("pexpiretime", 2, later, 1, 1, 1, call -> time(call, 1));
    table.write("persist", 2, ExpiryCommands::persist);
  }

  private static Reply expire(Call call, String name, int unit, boolean absolute) {
    long given = call.integer(2);
    Set<String> conditions = conditions(call);
    var invalid = new CommandError("ERR invalid expire time in " + name);
    if (given > Long.MAX_VALUE / unit || given < Long.MIN_VALUE / unit) {
      throw invalid;
    }
    long millis = given * unit;
    long base = absolute ? 0 : call.now();
    if (millis > Long.MAX_VALUE - base) {
      throw invalid;
    }
    long at = millis + base;
    byte[] key = call.arg(1);
    Value value = call.find(key);
    if (value == null || !isMet(conditions, value.expiresAt, at)) {
      return Reply.ZERO;
    }
    if (at <= call.now()) {
      call.delete(key);
    } else {
      call.database().expireAt(key, value, at);
      call.log(PEXPIREAT, key, ByteStrings.of(at));
    }
    return Reply.ONE;
  }

  private static Set<String> conditions(Call call) {
    var conditions = new HashSet<String>();
    for (int i = 3; i < call.count(); i++) {
      String condition = ByteStrings.lowerCase(call.arg(i));
      if (!Set.of("nx", "xx", "gt", "lt").contains(condition)) {
        throw new CommandError("ERR Unsupported option " + ByteStrings.text(call.arg(i)));
      }
      conditions.add(condition);
    }
    if (conditions.contains("nx") && conditions.size() > 1) {
      throw new CommandError("ERR NX and XX, GT or LT options at the same time are not compatible");
    }
    if (conditions.contains("gt") && conditions.contains("lt")) {
      throw new CommandError("ERR GT and LT options at the same time are not compatible");
    }
    return conditions;
  }

  /** Whether a time may take the place of another. No time counts as the end of time. */
  private static boolean isMet(Set<String> conditions, long current, long at) {
    boolean never = current == Value.NEVER;
    return !(conditions.contains("nx") && !never)
        && !(conditions.contains("xx") && never)
        && !(conditions.contains("gt") && (never || at <= current))
        && !(conditions.contains("lt") && !never && at >= current);
  }

  private static Reply remaining(Call call, int unit) {
    Value value = call.find(call.arg(1));
    if (value == null || value.expiresAt == Value.NEVER) {
      return Reply.of(value == null ? -2 : -1);
    }
    return Reply.of(inUnit(Math.max(0, value.expiresAt - call.now()), unit));
  }

  private static Reply time(Call call, int unit) {
    Value value = call.find(call.arg(1));
    if (value == null || value.expiresAt == Value.NEVER) {
      return Reply.of(value == null ? -2 : -1);
    }
    return Reply.of(inUnit(value.expiresAt, unit));
  }

  private static long inUnit(long millis, int unit) {
    return unit == 1 ? millis : (millis + unit / 2) / unit;
  }

  private static Reply persist(Call call) {
    byte[] key = call.arg(1);
    Value value = call.find(key);
    if (value == null || value.expiresAt == Value.NEVER) {
      return Reply.ZERO;
    }
    call.database().expireAt(key, value, Value.NEVER);
    call.changed();
    return Reply.ONE;
  }
}

package dev.rookery.keyspace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** {@code BITFIELD}: a string as an array of whole numbers of any width. */
final class BitFieldCommands {
  private static final String BAD_TYPE =
      "ERR Invalid bitfield type. Use something like i16 u8."
          + " Note that u64 is not supported but i64 is.";

  private enum Kind {
    GET,
    SET,
    INCREMENT
  }

  /** What happens to a number that does not fit. */
  private enum Overflow {
    WRAP,
    SATURATE,
    FAIL
  }

  private record Operation(
      Kind kind, Overflow overflow, boolean signed, int bits, int offset, long argument) {}

  private BitFieldCommands() {}

  static void register(CommandTable table) {
    table.grow("bitfield", -2, call -> bitField(call, false));
    table.read("bitfield_ro", -2, call -> bitField(call, true));
  }

  private static List<Operation> parse(Call call) {
    var operations = new ArrayList<Operation>();
    var overflow = Overflow.WRAP;
    for (int i = 2; i < call.count(); ) {
      int rest = call.count() - i - 1;
      Kind kind;
      if (call.is(i, "get") && rest >= 2) {
        kind = Kind.GET;
      } else if (call.is(i, "set") && rest >= 3) {
        kind = Kind.SET;
      } else if (call.is(i, "incrby") && rest >= 3) {
        kind = Kind.INCREMENT;
      } else if (call.is(i, "overflow") && rest >= 1) {
        overflow = overflow(call, i + 1);
        i += 2;
        continue;
      } else {
        throw CommandError.syntax();
      }
      byte[] type = call.arg(i + 1);
      boolean signed = type.length > 0 && type[0] == 'i';
      int bits = bits(type);
      long offset = BitCommands.offset(call, call.arg(i + 2), bits);
      if (kind != Kind.GET && offset + bits - 1 >> 3 >= call.maxStringBytes()) {
        throw new CommandError("ERR bit offset is not an integer or out of range");
      }
      if (offset > Integer.MAX_VALUE) {
        throw new CommandError("ERR bit offset is not an integer or out of range");
      }
      long argument = kind == Kind.GET ? 0 : call.integer(i + 3);
      operations.add(new Operation(kind, overflow, signed, bits, (int) offset, argument));
      i += kind == Kind.GET ? 3 : 4;
    }
    return operations;
  }

  private static Overflow overflow(Call call, int index) {
    if (call.is(index, "wrap")) {
      return Overflow.WRAP;
    }
    if (call.is(index, "sat")) {
      return Overflow.SATURATE;
    }
    if (call.is(index, "fail")) {
      return Overflow.FAIL;
    }
    throw new CommandError("ERR Invalid OVERFLOW type specified");
  }

  private static int bits(byte[] type) {
    if (type.length < 2 || type[0] != 'i' && type[0] != 'u') {
      throw new CommandError(BAD_TYPE);
    }
    byte[] digits = Arrays.copyOfRange(type, 1, type.length);
    long bits = Numbers.integer(digits, BAD_TYPE);
    if (bits < 1 || bits > (type[0] == 'u' ? 63 : 64)) {
      throw new CommandError(BAD_TYPE);
    }
    return (int) bits;
  }

  private static Reply bitField(Call call, boolean readOnly) {
    List<Operation> operations = parse(call);
    int lastBit = -1;
    for (Operation operation : operations) {
      if (operation.kind != Kind.GET) {
        if (readOnly) {
          throw new CommandError("ERR BITFIELD_RO only supports the GET subcommand");
        }
        lastBit = Math.max(lastBit, operation.offset + operation.bits - 1);
      }
    }
    byte[] key = call.arg(1);
    StringValue value;
    if (lastBit < 0) {
      value = call.read(key, StringValue.class);
    } else {
      value = call.write(key, StringValue.class);
      if (value == null) {
        value = call.put(key, new StringValue(ByteStrings.EMPTY));
      }
      value.extend((lastBit >> 3) + 1);
    }
    var replies = new ArrayList<Reply>(operations.size());
    for (Operation operation : operations) {
      long old = value == null ? 0 : read(value, operation);
      replies.add(
          operation.kind == Kind.GET || value == null
              ? Reply.of(old)
              : change(value, operation, old));
    }
    if (lastBit >= 0) {
      call.changed();
    }
    return Reply.of(replies);
  }

  private static Reply change(StringValue value, Operation operation, long old) {
    boolean adds = operation.kind == Kind.INCREMENT;
    long base = adds ? old : operation.argument;
    long increment = adds ? operation.argument : 0;
    int direction =
        operation.signed
            ? signedOverflow(base, increment, operation.bits)
            : unsignedOverflow(base, increment, operation.bits);
    long result = base + increment;
    if (direction != 0) {
      switch (operation.overflow) {
        case FAIL -> {
          return Reply.NIL;
        }
        case SATURATE -> result = limit(operation, direction > 0);
        case WRAP -> result = wrapped(result, operation);
      }
    }
    write(value, operation, result);
    return Reply.of(adds ? result : old);
  }

  /** 1 if the sum is too large, -1 if it is too small, 0 if it fits. */
  private static int signedOverflow(long value, long increment, int bits) {
    long max = bits == 64 ? Long.MAX_VALUE : (1L << bits - 1) - 1;
    long min = -max - 1;
    long most = max - value;
    long least = min - value;
    if (value > max
        || bits != 64 && increment > most
        || value >= 0 && increment > 0 && increment > most) {
      return 1;
    }
    if (value < min
        || bits != 64 && increment < least
        || value < 0 && increment < 0 && increment < least) {
      return -1;
    }
    return 0;
  }

  private static int unsignedOverflow(long value, long increment, int bits) {
    long max = (1L << bits) - 1;
    long most = max - value;
    long least = -value;
    // The value counts as unsigned, so a negative argument of SET is larger than any maximum.
    if (Long.compareUnsigned(value, max) > 0 || increment > 0 && increment > most) {
      return 1;
    }
    return increment < 0 && increment < least ? -1 : 0;
  }

  private static long limit(Operation operation, boolean upper) {
    if (!operation.signed) {
      return upper ? (1L << operation.bits) - 1 : 0;
    }
    long max = operation.bits == 64 ? Long.MAX_VALUE : (1L << operation.bits - 1) - 1;
    return upper ? max : -max - 1;
  }

  private static long wrapped(long value, Operation operation) {
    int unused = 64 - operation.bits;
    return operation.signed ? value << unused >> unused : value << unused >>> unused;
  }

  private static long read(StringValue value, Operation operation) {
    long bits = 0;
    for (int i = 0; i < operation.bits; i++) {
      int bit = operation.offset + i;
      int index = bit >> 3;
      int octet = index < value.length() ? value.at(index) : 0;
      bits = bits << 1 | octet >> 7 - (bit & 7) & 1;
    }
    return wrapped(bits, operation);
  }

  private static void write(StringValue value, Operation operation, long content) {
    for (int i = 0; i < operation.bits; i++) {
      int bit = operation.offset + i;
      int shift = 7 - (bit & 7);
      int one = (int) (content >> operation.bits - 1 - i & 1);
      value.set(bit >> 3, (byte) (value.at(bit >> 3) & ~(1 << shift) | one << shift));
    }
  }
}

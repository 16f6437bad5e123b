package dev.rookery.keyspace;

import dev.rookery.keyspace.CommandInfo.Flag;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Single bits of strings, counts of them and operations between strings. */
final class BitCommands {
  private static final int WORK_BYTES = 64;
  private static final String BAD_OFFSET = "ERR bit offset is not an integer or out of range";

  private BitCommands() {}

  static void register(CommandTable table) {
    table.grow("setbit", 4, BitCommands::setBit);
    table.read("getbit", 3, BitCommands::getBit);
    table.read("bitcount", -2, BitCommands::bitCount);
    table.read("bitpos", -3, BitCommands::bitPos);
    table.add("bitop", -4, Set.of(Flag.WRITE, Flag.GROWS), 2, -1, 1, BitCommands::bitOp);
  }

  /** The offset of a bit, checked against the longest string. */
  static long offset(Call call, byte[] text, int bits) {
    boolean counted = bits > 0 && text.length > 0 && text[0] == '#';
    byte[] digits = counted ? Arrays.copyOfRange(text, 1, text.length) : text;
    long offset = Numbers.integer(digits, BAD_OFFSET);
    if (counted) {
      if (offset > Long.MAX_VALUE / 64) {
        throw new CommandError(BAD_OFFSET);
      }
      offset *= bits;
    }
    if (offset < 0 || offset >> 3 >= call.maxStringBytes()) {
      throw new CommandError(BAD_OFFSET);
    }
    return offset;
  }

  private static Reply setBit(Call call) {
    byte[] key = call.arg(1);
    long offset = offset(call, call.arg(2), 0);
    String badBit = "ERR bit is not an integer or out of range";
    long bit = Numbers.integer(call.arg(3), badBit);
    if (bit != 0 && bit != 1) {
      throw new CommandError(badBit);
    }
    StringValue value = call.write(key, StringValue.class);
    if (value == null) {
      value = call.put(key, new StringValue(ByteStrings.EMPTY));
    }
    int index = (int) (offset >> 3);
    value.extend(index + 1);
    int shift = 7 - (int) (offset & 7);
    int old = value.at(index) >> shift & 1;
    value.set(index, (byte) (value.at(index) & ~(1 << shift) | (int) bit << shift));
    call.changed();
    return Reply.of(old);
  }

  private static Reply getBit(Call call) {
    long offset = offset(call, call.arg(2), 0);
    StringValue value = call.read(call.arg(1), StringValue.class);
    int index = (int) (offset >> 3);
    if (value == null || index >= value.length()) {
      return Reply.ZERO;
    }
    return Reply.of(value.at(index) >> 7 - (int) (offset & 7) & 1);
  }

  private static Reply bitCount(Call call) {
    StringValue value = call.read(call.arg(1), StringValue.class);
    if (value == null) {
      return Reply.ZERO;
    }
    long start = 0;
    long end = value.length() - 1;
    if (call.count() == 4) {
      start = call.integer(2);
      end = call.integer(3);
      if (start < 0 && end < 0 && start > end) {
        return Reply.ZERO;
      }
      start = fromEnd(start, value.length());
      end = Math.min(value.length() - 1, fromEnd(end, value.length()));
    } else if (call.count() != 2) {
      throw CommandError.syntax();
    }
    call.work(Math.max(0, end - start) / WORK_BYTES);
    long count = 0;
    for (long i = start; i <= end; i++) {
      count += Integer.bitCount(value.at((int) i) & 0xFF);
    }
    return Reply.of(count);
  }

  private static long fromEnd(long index, int length) {
    return Math.max(0, index < 0 ? index + length : index);
  }

  private static Reply bitPos(Call call) {
    long bit = call.integer(2);
    if (bit != 0 && bit != 1) {
      throw new CommandError("ERR The bit argument must be 1 or 0.");
    }
    StringValue value = call.read(call.arg(1), StringValue.class);
    if (value == null) {
      return Reply.of(bit == 1 ? -1 : 0);
    }
    long start = 0;
    long end = value.length() - 1;
    boolean endGiven = call.count() == 5;
    if (call.count() > 5) {
      throw CommandError.syntax();
    }
    if (call.count() >= 4) {
      start = call.integer(3);
      if (endGiven) {
        end = call.integer(4);
      }
      start = fromEnd(start, value.length());
      end = Math.min(value.length() - 1, fromEnd(end, value.length()));
    }
    if (start > end) {
      return Reply.of(-1);
    }
    call.work((end - start) / WORK_BYTES);
    int skipped = bit == 1 ? 0 : 0xFF;
    for (long i = start; i <= end; i++) {
      int octet = value.at((int) i) & 0xFF;
      if (octet != skipped) {
        int found = Integer.numberOfLeadingZeros(bit == 1 ? octet : ~octet & 0xFF) - 24;
        return Reply.of(i * 8 + found);
      }
    }
    return Reply.of(bit == 1 || endGiven ? -1 : (end + 1) * 8);
  }

  private static Reply bitOp(Call call) {
    String operation = ByteStrings.lowerCase(call.arg(1));
    if (!Set.of("and", "or", "xor", "not").contains(operation)) {
      throw CommandError.syntax();
    }
    if (operation.equals("not") && call.count() != 4) {
      throw new CommandError("ERR BITOP NOT must be called with a single source key.");
    }
    var sources = new byte[call.count() - 3][];
    int length = 0;
    for (int i = 0; i < sources.length; i++) {
      @Nullable StringValue source = call.read(call.arg(i + 3), StringValue.class);
      sources[i] = source == null ? ByteStrings.EMPTY : source.bytes();
      length = Math.max(length, sources[i].length);
    }
    byte[] target = call.arg(2);
    if (length == 0) {
      call.delete(target);
      return Reply.ZERO;
    }
    call.work(length / WORK_BYTES);
    byte[] result = Arrays.copyOf(sources[0], length);
    for (int i = 1; i < sources.length; i++) {
      call.work(length / WORK_BYTES);
      combine(operation, result, sources[i]);
    }
    if (operation.equals("not")) {
      for (int i = 0; i < length; i++) {
        result[i] = (byte) ~result[i];
      }
    }
    call.put(target, new StringValue(result));
    call.changed();
    return Reply.of(length);
  }

  /** Combines a string with another, which counts as if it had zeros at its end. */
  private static void combine(String operation, byte[] result, byte[] other) {
    for (int i = 0; i < result.length; i++) {
      byte octet = i < other.length ? other[i] : 0;
      switch (operation) {
        case "and" -> result[i] = (byte) (result[i] & octet);
        case "or" -> result[i] = (byte) (result[i] | octet);
        default -> result[i] = (byte) (result[i] ^ octet);
      }
    }
  }
}

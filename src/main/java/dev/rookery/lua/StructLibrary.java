package dev.rookery.lua;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The library {@code struct}: binary records by a format. */
final class StructLibrary {
  private static final int INTEGER_SIZE_MAX = 32;
  private static final int ALIGNMENT = 8;
  private static final int RESULTS_MAX = 7990;

  private final LuaCall call;
  private final byte[] format;
  private int at;
  private boolean bigEndian;
  private int alignment = 1;

  private StructLibrary(LuaCall call, LuaString format) {
    this.call = call;
    this.format = format.bytes;
  }

  static LuaTable create() {
    LuaTable t = new LuaTable();
    t.set("pack", LuaFunction.of((c, a) -> new StructLibrary(c, Args.string(c, a, 0)).pack(a)));
    t.set("unpack", LuaFunction.of((c, a) -> new StructLibrary(c, Args.string(c, a, 0)).unpack(a)));
    t.set("size", LuaFunction.of((c, a) -> new StructLibrary(c, Args.string(c, a, 0)).size()));
    return t;
  }

  private boolean hasNext() {
    return at < format.length && format[at] != 0;
  }

  private int number(int absent) {
    if (at >= format.length || !NumberReader.isDigit(format[at])) {
      return absent;
    }
    long value = 0;
    while (at < format.length && NumberReader.isDigit(format[at])) {
      value = value * 10 + format[at++] - '0';
      if (value > Integer.MAX_VALUE) {
        throw call.error("integral size overflow");
      }
    }
    return (int) value;
  }

  private int sizeOf(int option) {
    return switch (option) {
      case 'B', 'b', 'x' -> 1;
      case 'H', 'h' -> 2;
      case 'L', 'l', 'T', 'd' -> 8;
      case 'f' -> 4;
      case 'c' -> number(1);
      case 'i', 'I' -> {
        int size = number(4);
        if (size > INTEGER_SIZE_MAX) {
          throw call.error(
              "integral size " + size + " is larger than limit of " + INTEGER_SIZE_MAX);
        }
        yield size;
      }
      default -> 0;
    };
  }

  private int padding(long length, int option, int size) {
    if (size == 0 || option == 'c') {
      return 0;
    }
    int aligned = Math.min(size, alignment);
    return (int) (aligned - (length & aligned - 1) & aligned - 1);
  }

  private void control(int option) {
    switch (option) {
      case ' ' -> {}
      case '>' -> bigEndian = true;
      case '<' -> bigEndian = false;
      case '!' -> {
        int a = number(ALIGNMENT);
        if (a <= 0 || (a & a - 1) != 0) {
          throw call.error("alignment " + a + " is not a power of 2");
        }
        alignment = a;
      }
      default -> throw call.argumentError(1, "invalid format option '" + (char) option + "'");
    }
  }

  private Object pack(@Nullable Object[] given) {
    // The original pushes a nil behind its arguments, which its messages show.
    @Nullable Object[] args = Arrays.copyOf(given, given.length + 1);
    ByteBuilder out = new ByteBuilder(call, 64);
    int arg = 1;
    while (hasNext()) {
      call.tick();
      int option = format[at++] & 0xff;
      int size = sizeOf(option);
      for (int i = padding(out.length, option, size); i > 0; i--) {
        out.add(0);
      }
      switch (option) {
        case 'b', 'B', 'h', 'H', 'l', 'L', 'T', 'i', 'I' ->
            put(out, Args.toUnsigned(Args.number(call, args, arg++)), size);
        case 'x' -> out.add(0);
        case 'f' -> put(out, Float.floatToRawIntBits((float) Args.number(call, args, arg++)), size);
        case 'd' -> put(out, Double.doubleToRawLongBits(Args.number(call, args, arg++)), size);
        case 'c', 's' -> {
          LuaString s = Args.string(call, args, arg++);
          if (size == 0) {
            size = s.length();
          }
          if (s.length() < size) {
            throw call.argumentError(arg + 1, "string too short");
          }
          out.add(s.bytes, 0, size);
          if (option == 's') {
            out.add(0);
          }
        }
        default -> control(option);
      }
    }
    return out.toLuaString();
  }

  private void put(ByteBuilder out, long value, int size) {
    for (int i = 0; i < size; i++) {
      int place = bigEndian ? size - 1 - i : i;
      out.add(place < 8 ? (int) (value >> 8 * place) : 0);
    }
  }

  private long get(byte[] data, int from, int size) {
    long value = 0;
    for (int i = 0; i < size; i++) {
      int place = bigEndian ? size - 1 - i : i;
      value |= (data[from + i] & 0xffL) << 8 * place;
    }
    return value;
  }

  private Object unpack(@Nullable Object[] args) {
    byte[] data = Args.string(call, args, 1).bytes;
    long first = Args.integer(call, args, 2, 1);
    if (first == 0) {
      throw call.argumentError(3, "offset must be 1 or greater");
    }
    long pos = first - 1;
    List<Object> results = new ArrayList<>();
    while (hasNext()) {
      call.tick();
      int option = format[at++] & 0xff;
      int size = sizeOf(option);
      pos += padding(pos, option, size);
      check(data, pos, size);
      if (results.size() > RESULTS_MAX) {
        throw call.error("stack overflow (too many results)");
      }
      int p = (int) pos;
      switch (option) {
        case 'b', 'B', 'h', 'H', 'l', 'L', 'T', 'i', 'I' ->
            results.add(LuaNumber.of(integer(get(data, p, size), option >= 'a', size)));
        case 'x' -> {}
        case 'f' ->
            results.add(LuaNumber.of((double) Float.intBitsToFloat((int) get(data, p, size))));
        case 'd' -> results.add(LuaNumber.of(Double.longBitsToDouble(get(data, p, size))));
        case 'c' -> {
          if (size == 0) {
            Double previous = results.isEmpty() ? null : Ops.toNumber(results.getLast());
            if (previous == null) {
              throw call.error("format 'c0' needs a previous size");
            }
            results.removeLast();
            long wanted = Args.toInteger(previous);
            check(data, pos, wanted);
            size = (int) wanted;
          }
          results.add(call.newString(data, p, p + size));
        }
        case 's' -> {
          int end = p;
          while (end < data.length && data[end] != 0) {
            end++;
          }
          if (end >= data.length) {
            throw call.error("unfinished string in data");
          }
          size = end - p + 1;
          results.add(call.newString(data, p, end));
        }
        default -> control(option);
      }
      pos += size;
    }
    results.add(LuaNumber.of((double) (pos + 1)));
    return results.toArray();
  }

  private void check(byte[] data, long pos, long size) {
    if (size < 0 || size > data.length || pos < 0 || pos > data.length - size) {
      throw call.argumentError(2, "data string too short");
    }
  }

  private static double integer(long value, boolean signed, int size) {
    if (!signed) {
      return BaseLibrary.unsigned(value);
    }
    long mask = -1L << size * 8 - 1;
    return (value & mask) != 0 ? value | mask : value;
  }

  private Object size() {
    long pos = 0;
    while (hasNext()) {
      call.tick();
      int option = format[at++] & 0xff;
      int size = sizeOf(option);
      pos += padding(pos, option, size);
      if (option == 's') {
        throw call.argumentError(1, "option 's' has no fixed size");
      }
      if (option == 'c' && size == 0) {
        throw call.argumentError(1, "option 'c0' has no fixed size");
      }
      if (!Character.isLetterOrDigit(option)) {
        control(option);
      }
      pos += size;
    }
    return LuaNumber.of((double) pos);
  }
}

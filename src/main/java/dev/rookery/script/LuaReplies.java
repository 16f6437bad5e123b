package dev.rookery.script;

import dev.rookery.keyspace.Reply;
import dev.rookery.lua.LuaCall;
import dev.rookery.lua.LuaNumber;
import dev.rookery.lua.LuaString;
import dev.rookery.lua.LuaTable;
import dev.rookery.script.ScriptException.Kind;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Redis's conversions between replies and values of Lua, in both directions: a missing value is
 * {@code false} in Lua, and an array ends at its first nil on the way back.
 */
final class LuaReplies {
  static final LuaString OK = LuaString.of("ok");
  static final LuaString ERR = LuaString.of("err");
  private static final LuaString DOUBLE = LuaString.of("double");
  private static final LuaString MAP = LuaString.of("map");
  private static final LuaString SET = LuaString.of("set");

  /** Redis stops at the depth of Lua's stack; a client's recursion ends much sooner. */
  private static final int DEPTH_MAX = 1_000;

  private static final int DIGITS = 17;
  private static final int SMALLEST_EXPONENT = -4;
  private static final double EXACT = 1e17;

  private LuaReplies() {}

  /** A reply of the keyspace as a value of Lua; an error is a table with a field {@code err}. */
  static Object toLua(LuaCall call, Reply reply) {
    return switch (reply) {
      case Reply.Int(var value) -> LuaNumber.of((double) value);
      case Reply.Bulk(var bytes) -> call.newString(bytes);
      case Reply.Status(var text) -> single(call, OK, LuaString.of(text));
      case Reply.Error(var text, _) -> single(call, ERR, latin1(text));
      case Reply.Nil _ -> Boolean.FALSE;
      case Reply.Array(var items) -> {
        LuaTable table = call.newTable(items.size(), 0);
        for (int i = 0; i < items.size(); i++) {
          table.set(i + 1, toLua(call, items.get(i)));
        }
        yield table;
      }
    };
  }

  static LuaTable single(LuaCall call, LuaString field, LuaString value) {
    LuaTable table = call.newTable(0, 1);
    table.set(field, value);
    return table;
  }

  /** Texts of the keyspace have a character for each byte of the arguments that they repeat. */
  static LuaString latin1(String text) {
    return LuaString.of(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /**
   * What a script returned as its result.
   *
   * @param bytesMax how large it may be
   * @throws ScriptException if it is an error, or too large
   */
  static ScriptResult result(@Nullable Object value, int bytesMax) {
    ScriptResult result = new Conversion(bytesMax).convert(value, 0);
    if (result instanceof ScriptResult.Failed failed) {
      throw new ScriptException(Kind.SCRIPT, failed.string());
    }
    return result;
  }

  /** A number as an argument of a command: C's {@code %.17g}. */
  static byte[] argument(double number) {
    return text(number).getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String text(double number) {
    long whole = (long) number;
    if (whole == number && Math.abs(number) < EXACT) {
      return whole == 0 && 1 / number < 0 ? "-0" : Long.toString(whole);
    }
    if (Double.isNaN(number)) {
      return Double.doubleToRawLongBits(number) < 0 ? "-nan" : "nan";
    }
    if (Double.isInfinite(number)) {
      return number > 0 ? "inf" : "-inf";
    }
    BigDecimal rounded =
        new BigDecimal(Math.abs(number)).round(new MathContext(DIGITS, RoundingMode.HALF_EVEN));
    String digits = rounded.unscaledValue().toString();
    int exponent = digits.length() - 1 - rounded.scale();
    digits = digits.replaceFirst("0+$", "");
    return (number < 0 ? "-" : "") + text(digits, exponent);
  }

  private static String text(String digits, int exponent) {
    if (exponent < SMALLEST_EXPONENT || exponent >= DIGITS) {
      String fraction = digits.length() == 1 ? "" : "." + digits.substring(1);
      String sign = exponent < 0 ? "-" : "+";
      int size = Math.abs(exponent);
      return digits.charAt(0) + fraction + "e" + sign + (size < 10 ? "0" : "") + size;
    }
    if (exponent < 0) {
      return "0." + "0".repeat(-exponent - 1) + digits;
    }
    if (digits.length() <= exponent + 1) {
      return digits + "0".repeat(exponent + 1 - digits.length());
    }
    return digits.substring(0, exponent + 1) + "." + digits.substring(exponent + 1);
  }

  /** A line of a reply ends at a zero byte, and has no line ends. */
  static byte[] line(byte[] text) {
    int length = 0;
    while (length < text.length && text[length] != 0) {
      length++;
    }
    byte[] line = Arrays.copyOf(text, length);
    for (int i = 0; i < length; i++) {
      if (line[i] == '\r' || line[i] == '\n') {
        line[i] = ' ';
      }
    }
    return line;
  }

  private static final class Conversion {
    private final int bytesMax;
    private long bytes;

    Conversion(int bytesMax) {
      this.bytesMax = bytesMax;
    }

    /** Each value counts, also one without bytes: a table can be in a result many times. */
    ScriptResult convert(@Nullable Object value, int depth) {
      count(value instanceof LuaString text ? Math.max(Long.BYTES, text.length()) : Long.BYTES);
      return switch (value) {
        case LuaString string -> new ScriptResult.Bulk(string.bytes());
        case Double number -> new ScriptResult.Int(truncated(number));
        case Boolean flag -> flag ? new ScriptResult.Int(1) : ScriptResult.Null.NULL;
        case LuaTable table -> table(table, depth);
        case null, default -> ScriptResult.Null.NULL;
      };
    }

    private void count(long more) {
      bytes += more;
      if (bytes > bytesMax) {
        throw new ScriptException(
            Kind.TOO_LARGE, "the result of the script is larger than " + bytesMax + " bytes");
      }
    }

    /** As a conversion in C on x86 does it: what does not fit is the smallest number. */
    private static long truncated(double number) {
      return number >= -0x1p63 && number < 0x1p63 ? (long) number : Long.MIN_VALUE;
    }

    private ScriptResult table(LuaTable table, int depth) {
      if (depth == DEPTH_MAX) {
        throw new ScriptException(
            Kind.TOO_LARGE, "the result of the script is nested deeper than " + DEPTH_MAX);
      }
      if (table.get(ERR) instanceof LuaString text) {
        count(text.length());
        return new ScriptResult.Failed(line(text.bytes()));
      }
      if (table.get(OK) instanceof LuaString text) {
        count(text.length());
        return new ScriptResult.Status(line(text.bytes()));
      }
      if (table.get(DOUBLE) instanceof Double number) {
        return new ScriptResult.Bulk(argument(number));
      }
      if (table.get(MAP) instanceof LuaTable map) {
        return entries(map, depth, true);
      }
      if (table.get(SET) instanceof LuaTable set) {
        return entries(set, depth, false);
      }
      List<ScriptResult> elements = new ArrayList<>();
      Object element = table.get(1);
      while (element != null) {
        elements.add(convert(element, depth + 1));
        element = table.get(elements.size() + 1);
      }
      return new ScriptResult.Array(elements);
    }

    private ScriptResult entries(LuaTable table, int depth, boolean withValues) {
      List<ScriptResult> elements = new ArrayList<>();
      int position = table.nextPosition(-1);
      while (position >= 0) {
        elements.add(convert(table.keyAt(position), depth + 1));
        if (withValues) {
          elements.add(convert(table.valueAt(position), depth + 1));
        }
        position = table.nextPosition(position);
      }
      return new ScriptResult.Array(elements);
    }
  }
}

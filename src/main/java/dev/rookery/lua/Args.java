package dev.rookery.lua;

import org.jspecify.annotations.Nullable;

/**
 * Reads the arguments of Java functions, counted from 0, with Lua's messages where they are bad.
 */
final class Args {
  private Args() {}

  static @Nullable Object get(@Nullable Object[] args, int i) {
    return i < args.length ? args[i] : null;
  }

  static LuaError typeError(LuaCall c, @Nullable Object[] args, int i, String expected) {
    String got = i < args.length ? Ops.typeName(args[i]) : "no value";
    return c.argumentError(i + 1, expected + " expected, got " + got);
  }

  static @Nullable Object any(LuaCall c, @Nullable Object[] args, int i) {
    if (i >= args.length) {
      throw c.argumentError(i + 1, "value expected");
    }
    return args[i];
  }

  static LuaTable table(LuaCall c, @Nullable Object[] args, int i) {
    if (i < args.length && args[i] instanceof LuaTable t) {
      return t;
    }
    throw typeError(c, args, i, "table");
  }

  static LuaFunction function(LuaCall c, @Nullable Object[] args, int i) {
    if (i < args.length && args[i] instanceof LuaFunction f) {
      return f;
    }
    throw typeError(c, args, i, "function");
  }

  static LuaString string(LuaCall c, @Nullable Object[] args, int i) {
    Object value = get(args, i);
    if (value instanceof LuaString s) {
      return s;
    }
    if (value instanceof Double d) {
      return LuaNumber.text(d);
    }
    throw typeError(c, args, i, "string");
  }

  static LuaString string(LuaCall c, @Nullable Object[] args, int i, LuaString absent) {
    return get(args, i) == null ? absent : string(c, args, i);
  }

  static double number(LuaCall c, @Nullable Object[] args, int i) {
    Object value = get(args, i);
    if (value instanceof Double d) {
      return d;
    }
    Ops.accountForText(c, value);
    Double parsed = value instanceof LuaString s ? LuaNumber.parse(s) : null;
    if (parsed == null) {
      throw typeError(c, args, i, "number");
    }
    return parsed;
  }

  static long integer(LuaCall c, @Nullable Object[] args, int i) {
    return toInteger(number(c, args, i));
  }

  static long integer(LuaCall c, @Nullable Object[] args, int i, long absent) {
    return get(args, i) == null ? absent : integer(c, args, i);
  }

  static int int32(LuaCall c, @Nullable Object[] args, int i) {
    return (int) integer(c, args, i);
  }

  static int int32(LuaCall c, @Nullable Object[] args, int i, int absent) {
    return get(args, i) == null ? absent : int32(c, args, i);
  }

  /** Converts to an unsigned integer as x86 does: what is too large becomes 0. */
  static long toUnsigned(double value) {
    return value >= 0x1p63 ? toInteger(value - 0x1p63) + Long.MIN_VALUE : toInteger(value);
  }

  /** Converts as x86 does: what does not fit becomes the smallest integer. */
  static long toInteger(double value) {
    return value >= -0x1p63 && value < 0x1p63 ? (long) value : Long.MIN_VALUE;
  }
}

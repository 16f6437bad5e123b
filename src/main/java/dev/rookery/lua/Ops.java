package dev.rookery.lua;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The operations of Lua on any values, with metamethods and with the messages of Lua 5.1. */
final class Ops {
  static final int ADD = 0;
  static final int SUB = 1;
  static final int MUL = 2;
  static final int DIV = 3;
  static final int MOD = 4;
  static final int POW = 5;

  private static final int META_LOOPS_MAX = 100;
  private static final String READ_ONLY = "Attempt to modify a readonly table";

  private Ops() {}

  static String typeName(@Nullable Object value) {
    return switch (value) {
      case null -> "nil";
      case Boolean _ -> "boolean";
      case Double _ -> "number";
      case LuaString _ -> "string";
      case LuaTable _ -> "table";
      case LuaFunction _ -> "function";
      case LuaCoroutine _ -> "thread";
      default -> "userdata";
    };
  }

  static LuaError error(@Nullable Site site, String message) {
    return new LuaError((site == null ? "" : site.prefix()) + message).raisedAt(site);
  }

  static LuaError typeError(
      LuaCall c,
      @Nullable Site site,
      String operation,
      @Nullable Object value,
      @Nullable String description) {
    String type = typeName(value);
    return error(
        site,
        description == null
            ? "attempt to " + operation + " a " + type + " value"
            : "attempt to " + operation + " " + description + " (a " + type + " value)");
  }

  static @Nullable LuaTable metatableOf(LuaCall c, @Nullable Object value) {
    return value instanceof LuaTable t
        ? t.metatable
        : value instanceof LuaString ? c.stringMetatable : null;
  }

  static @Nullable Object metamethod(LuaCall c, @Nullable Object value, LuaString name) {
    LuaTable metatable = metatableOf(c, value);
    return metatable == null ? null : metatable.get(name);
  }

  // Indexing

  static @Nullable Object index(
      LuaCall c,
      @Nullable Object object,
      @Nullable Object key,
      @Nullable Site site,
      @Nullable Expr named) {
    Object o = object;
    for (int loop = 0; loop < META_LOOPS_MAX; loop++) {
      Object handler;
      if (o instanceof LuaTable t) {
        Object value = t.get(key);
        if (value != null || t.metatable == null) {
          return value;
        }
        handler = t.metatable.get(MetaNames.INDEX);
        if (handler == null) {
          return null;
        }
      } else {
        handler = metamethod(c, o, MetaNames.INDEX);
        if (handler == null) {
          throw typeError(
              c, site, "index", o, loop == 0 && named != null ? named.description() : null);
        }
      }
      if (handler instanceof LuaFunction) {
        return Expr.first(c.invokeAt(site, handler, o, key));
      }
      o = handler;
    }
    throw error(site, "loop in gettable");
  }

  static void setIndex(
      LuaCall c,
      @Nullable Object object,
      @Nullable Object key,
      @Nullable Object value,
      @Nullable Site site,
      @Nullable Expr named) {
    Object o = object;
    for (int loop = 0; loop < META_LOOPS_MAX; loop++) {
      Object handler;
      if (o instanceof LuaTable t) {
        if (t.readOnly) {
          throw error(site, READ_ONLY);
        }
        LuaTable metatable = t.metatable;
        handler = metatable == null ? null : metatable.get(MetaNames.NEWINDEX);
        if (handler == null || t.get(key) != null) {
          rawSet(t, key, value, site);
          return;
        }
      } else {
        handler = metamethod(c, o, MetaNames.NEWINDEX);
        if (handler == null) {
          throw typeError(
              c, site, "index", o, loop == 0 && named != null ? named.description() : null);
        }
      }
      if (handler instanceof LuaFunction) {
        c.invokeAt(site, handler, o, key, value);
        return;
      }
      o = handler;
    }
    throw error(site, "loop in settable");
  }

  static void rawSet(
      LuaTable t, @Nullable Object key, @Nullable Object value, @Nullable Site site) {
    if (t.readOnly) {
      throw error(site, READ_ONLY);
    }
    if (key == null) {
      throw error(site, "table index is nil");
    }
    if (key instanceof Double d && d.isNaN()) {
      throw error(site, "table index is NaN");
    }
    t.set(key, value);
  }

  // Arithmetic

  static @Nullable Double toNumber(@Nullable Object value) {
    return value instanceof Double d ? d : value instanceof LuaString s ? LuaNumber.parse(s) : null;
  }

  /** Accounts for reading all bytes of a string. */
  static void accountForText(LuaCall c, @Nullable Object value) {
    if (value instanceof LuaString s && s.length() >= 256) {
      c.work(s.length() >> 8);
    }
  }

  static double compute(int op, double a, double b) {
    double r =
        switch (op) {
          case ADD -> a + b;
          case SUB -> a - b;
          case MUL -> a * b;
          case DIV -> a / b;
          case MOD -> a - Math.floor(a / b) * b;
          default -> power(a, b);
        };
    return Double.isNaN(r) ? nan(a, b) : r;
  }

  /** As C's pow, which has a result where Java has none: 1 to any power, -1 to an infinite one. */
  private static double power(double a, double b) {
    return a == 1 || a == -1 && Double.isInfinite(b) ? 1 : Math.pow(a, b);
  }

  /** What x86 makes of an operation without a result: an operand that is NaN, or negative NaN. */
  static double nan(double a, double b) {
    return Double.isNaN(a) ? a : Double.isNaN(b) ? b : LuaNumber.NEGATIVE_NAN;
  }

  static @Nullable Object arithmetic(
      LuaCall c, int op, @Nullable Object a, @Nullable Object b, Site site, Expr left, Expr right) {
    if (a instanceof LuaString || b instanceof LuaString) {
      accountForText(c, a);
      accountForText(c, b);
    }
    Double x = toNumber(a);
    Double y = toNumber(b);
    if (x != null && y != null) {
      return LuaNumber.of(compute(op, x, y));
    }
    Object handler = metamethod(c, a, MetaNames.ARITHMETIC[op]);
    if (handler == null) {
      handler = metamethod(c, b, MetaNames.ARITHMETIC[op]);
    }
    if (handler != null) {
      return Expr.first(c.invokeAt(site, handler, a, b));
    }
    throw x == null
        ? typeError(c, site, "perform arithmetic on", a, left.description())
        : typeError(c, site, "perform arithmetic on", b, right.description());
  }

  static @Nullable Object negate(LuaCall c, @Nullable Object value, Site site, Expr operand) {
    Double x = toNumber(value);
    if (x != null) {
      return LuaNumber.of(-x);
    }
    Object handler = metamethod(c, value, MetaNames.UNM);
    if (handler != null) {
      return Expr.first(c.invokeAt(site, handler, value, value));
    }
    throw typeError(c, site, "perform arithmetic on", value, operand.description());
  }

  static @Nullable Object length(LuaCall c, @Nullable Object value, Site site, Expr operand) {
    if (value instanceof LuaTable t) {
      return LuaNumber.of(t.length());
    }
    if (value instanceof LuaString s) {
      return LuaNumber.of(s.length());
    }
    throw typeError(c, site, "get length of", value, operand.description());
  }

  // Concatenation

  static @Nullable LuaString toText(@Nullable Object value) {
    return value instanceof LuaString s ? s : value instanceof Double d ? LuaNumber.text(d) : null;
  }

  static @Nullable Object concat(LuaCall c, @Nullable Object[] values, Site site, Expr[] operands) {
    int last = values.length - 1;
    Object right = values[last];
    boolean original = true;
    int i = last - 1;
    while (i >= 0) {
      if (toText(right) == null || toText(values[i]) == null) {
        Object left = values[i];
        Object handler = metamethod(c, left, MetaNames.CONCAT);
        if (handler == null) {
          handler = metamethod(c, right, MetaNames.CONCAT);
        }
        if (handler == null) {
          boolean leftIsText = toText(left) != null;
          Expr culprit = leftIsText ? (original ? operands[last] : null) : operands[i];
          throw typeError(
              c,
              site,
              "concatenate",
              leftIsText ? right : left,
              culprit == null ? null : culprit.description());
        }
        right = Expr.first(c.invokeAt(site, handler, left, right));
        i--;
      } else {
        int from = i;
        while (from > 0 && toText(values[from - 1]) != null) {
          from--;
        }
        right = join(c, values, from, i, right);
        i = from - 1;
      }
      original = false;
    }
    return right;
  }

  private static LuaString join(
      LuaCall c, @Nullable Object[] values, int from, int to, @Nullable Object right) {
    LuaString[] texts = new LuaString[to - from + 2];
    long length = 0;
    for (int i = 0; i < texts.length; i++) {
      LuaString text = toText(i == texts.length - 1 ? right : values[from + i]);
      texts[i] = text == null ? LuaString.EMPTY : text;
      length += texts[i].length();
    }
    if (length > Integer.MAX_VALUE - 64) {
      throw new LuaError("string length overflow");
    }
    c.allocate(length + LuaCall.BYTES_OF_STRING);
    c.work((int) (length >> 8));
    byte[] bytes = new byte[(int) length];
    int at = 0;
    for (LuaString text : texts) {
      System.arraycopy(text.bytes, 0, bytes, at, text.length());
      at += text.length();
    }
    return LuaString.of(bytes);
  }

  // Comparison

  static boolean rawEquals(@Nullable Object a, @Nullable Object b) {
    if (a instanceof Double x) {
      return b instanceof Double y && x.doubleValue() == y.doubleValue();
    }
    return a == b
        || a instanceof LuaString s && b instanceof LuaString t && s.sameAs(t)
        || a instanceof Boolean && a.equals(b);
  }

  static boolean equals(LuaCall c, @Nullable Object a, @Nullable Object b, @Nullable Site site) {
    if (a != b && a instanceof LuaString) {
      accountForText(c, a);
    }
    if (rawEquals(a, b)) {
      return true;
    }
    if (!(a instanceof LuaTable x)
        || !(b instanceof LuaTable y)
        || x.metatable == null
        || y.metatable == null) {
      return false;
    }
    Object handler = commonHandler(x.metatable, y.metatable, MetaNames.EQ);
    return handler != null && truthy(Expr.first(c.invokeAt(site, handler, a, b)));
  }

  private static @Nullable Object commonHandler(LuaTable a, LuaTable b, LuaString name) {
    Object handler = a.get(name);
    return handler != null && (a == b || rawEquals(handler, b.get(name))) ? handler : null;
  }

  static boolean truthy(@Nullable Object value) {
    return value != null && !(value instanceof Boolean b && !b);
  }

  static boolean lessThan(LuaCall c, @Nullable Object a, @Nullable Object b, @Nullable Site site) {
    if (a instanceof Double x && b instanceof Double y) {
      return x < y;
    }
    if (a instanceof LuaString s && b instanceof LuaString t) {
      accountForText(c, a);
      return s.compareTo(t) < 0;
    }
    Object handler = orderHandler(c, a, b, MetaNames.LT);
    if (handler == null) {
      throw orderError(a, b, site);
    }
    return truthy(Expr.first(c.invokeAt(site, handler, a, b)));
  }

  static boolean lessOrEqual(
      LuaCall c, @Nullable Object a, @Nullable Object b, @Nullable Site site) {
    if (a instanceof Double x && b instanceof Double y) {
      return x <= y;
    }
    if (a instanceof LuaString s && b instanceof LuaString t) {
      accountForText(c, a);
      return s.compareTo(t) <= 0;
    }
    Object handler = orderHandler(c, a, b, MetaNames.LE);
    if (handler != null) {
      return truthy(Expr.first(c.invokeAt(site, handler, a, b)));
    }
    handler = orderHandler(c, b, a, MetaNames.LT);
    if (handler == null) {
      throw orderError(a, b, site);
    }
    return !truthy(Expr.first(c.invokeAt(site, handler, b, a)));
  }

  private static @Nullable Object orderHandler(
      LuaCall c, @Nullable Object a, @Nullable Object b, LuaString name) {
    Object handler = metamethod(c, a, name);
    return handler != null && rawEquals(handler, metamethod(c, b, name)) ? handler : null;
  }

  private static LuaError orderError(@Nullable Object a, @Nullable Object b, @Nullable Site site) {
    String x = typeName(a);
    String y = typeName(b);
    return error(
        site,
        x.equals(y)
            ? "attempt to compare two " + x + " values"
            : "attempt to compare " + x + " with " + y);
  }

  // Text

  static @Nullable Object tostring(LuaCall c, @Nullable Object value) {
    Object handler = metamethod(c, value, MetaNames.TOSTRING);
    if (handler != null) {
      return Expr.first(c.invoke(handler, value));
    }
    return switch (value) {
      case null -> LuaString.of("nil");
      case LuaString s -> s;
      case Double d -> LuaNumber.text(d);
      case Boolean b -> LuaString.of(b.toString());
      case Object other -> LuaString.of(typeName(other) + ": " + address(other));
    };
  }

  static String address(Object value) {
    return value == LuaUserdata.NULL
        ? "(nil)"
        : String.format(Locale.ROOT, "0x55%010x", System.identityHashCode(value) * 16L);
  }
}

package dev.rookery.lua;

import org.jspecify.annotations.Nullable;

/** The library {@code cmsgpack}. */
final class MessagePackLibrary {
  private static final int NESTING_MAX = 16;

  private MessagePackLibrary() {}

  static LuaTable create() {
    LuaTable t = new LuaTable();
    t.set("pack", LuaFunction.of(MessagePackLibrary::pack));
    t.set("unpack", LuaFunction.of((c, a) -> MessageUnpacker.unpack(c, a, 0, 0)));
    t.set(
        "unpack_one",
        LuaFunction.of((c, a) -> MessageUnpacker.unpack(c, a, 1, Args.integer(c, a, 1, 0))));
    t.set(
        "unpack_limit",
        LuaFunction.of(
            (c, a) ->
                MessageUnpacker.unpack(c, a, Args.integer(c, a, 1), Args.integer(c, a, 2, 0))));
    t.set("_NAME", LuaString.of("cmsgpack"));
    t.set("_VERSION", LuaString.of("lua-cmsgpack 0.4.0"));
    t.set("_COPYRIGHT", LuaString.of("Copyright (C) 2012, Salvatore Sanfilippo"));
    t.set("_DESCRIPTION", LuaString.of("MessagePack C implementation for Lua"));
    return t;
  }

  private static Object pack(LuaCall c, @Nullable Object[] args) {
    if (args.length == 0) {
      throw c.argumentError(0, "MessagePack pack needs input.");
    }
    ByteBuilder out = new ByteBuilder(c, 64);
    c.hold(out);
    for (Object arg : args) {
      encode(c, out, arg, 0);
    }
    c.release();
    return out.toLuaString();
  }

  private static void encode(LuaCall c, ByteBuilder out, @Nullable Object value, int level) {
    c.tick();
    switch (value) {
      case LuaString s -> {
        header(out, s.length());
        out.add(s);
      }
      case Boolean b -> out.add(b ? 0xc3 : 0xc2);
      case Double d -> number(out, d);
      case LuaTable t -> {
        if (level == NESTING_MAX) {
          out.add(0xc0);
        } else if (isArray(c, t)) {
          array(c, out, t, level);
        } else {
          map(c, out, t, level);
        }
      }
      case null, default -> out.add(0xc0);
    }
  }

  private static void big(ByteBuilder out, int code, long value, int bytes) {
    out.add(code);
    for (int i = bytes - 1; i >= 0; i--) {
      out.add((int) (value >> 8 * i));
    }
  }

  private static void header(ByteBuilder out, int length) {
    if (length < 32) {
      out.add(0xa0 | length);
    } else if (length <= 0xff) {
      big(out, 0xd9, length, 1);
    } else if (length <= 0xffff) {
      big(out, 0xda, length, 2);
    } else {
      big(out, 0xdb, length, 4);
    }
  }

  private static void number(ByteBuilder out, double d) {
    if (Double.isInfinite(d) || (double) Args.toInteger(d) != d) {
      float f = (float) d;
      if (f == d) {
        big(out, 0xca, Float.floatToRawIntBits(f), 4);
      } else {
        big(out, 0xcb, Double.doubleToRawLongBits(d), 8);
      }
      return;
    }
    long n = Args.toInteger(d);
    if (n >= 0) {
      if (n <= 127) {
        out.add((int) n);
      } else if (n <= 0xff) {
        big(out, 0xcc, n, 1);
      } else if (n <= 0xffff) {
        big(out, 0xcd, n, 2);
      } else if (n <= 0xffffffffL) {
        big(out, 0xce, n, 4);
      } else {
        big(out, 0xcf, n, 8);
      }
    } else if (n >= -32) {
      out.add((int) n);
    } else if (n >= -128) {
      big(out, 0xd0, n, 1);
    } else if (n >= -32768) {
      big(out, 0xd1, n, 2);
    } else if (n >= Integer.MIN_VALUE) {
      big(out, 0xd2, n, 4);
    } else {
      big(out, 0xd3, n, 8);
    }
  }

  private static boolean isArray(LuaCall c, LuaTable t) {
    int count = 0;
    int max = 0;
    for (int at = t.nextPosition(-1); at >= 0; at = t.nextPosition(at)) {
      if (!(t.keyAt(at) instanceof Double d) || d <= 0 || d != (int) d.doubleValue()) {
        return false;
      }
      max = Math.max(max, (int) d.doubleValue());
      count++;
    }
    c.work(count >> 2);
    return max == count;
  }

  private static void array(LuaCall c, ByteBuilder out, LuaTable t, int level) {
    int n = t.length();
    if (n <= 15) {
      out.add(0x90 | n);
    } else if (n <= 0xffff) {
      big(out, 0xdc, n, 2);
    } else {
      big(out, 0xdd, n, 4);
    }
    for (int i = 1; i <= n; i++) {
      encode(c, out, Ops.index(c, t, LuaNumber.of(i), null, null), level + 1);
    }
  }

  private static void map(LuaCall c, ByteBuilder out, LuaTable t, int level) {
    int n = 0;
    for (int at = t.nextPosition(-1); at >= 0; at = t.nextPosition(at)) {
      n++;
    }
    if (n <= 15) {
      out.add(0x80 | n);
    } else if (n <= 0xffff) {
      big(out, 0xde, n, 2);
    } else {
      big(out, 0xdf, n, 4);
    }
    for (int at = t.nextPosition(-1); at >= 0; at = t.nextPosition(at)) {
      encode(c, out, t.keyAt(at), level + 1);
      encode(c, out, t.valueAt(at), level + 1);
    }
  }
}

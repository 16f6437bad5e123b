package dev.rookery.lua;

import org.jspecify.annotations.Nullable;

/** The library {@code string}, without {@code dump}: there is no bytecode. */
final class StringLibrary {
  private static final int RESULTS_MAX = 8000;

  private StringLibrary() {}

  static LuaTable create() {
    LuaTable t = new LuaTable();
    t.set("byte", LuaFunction.of(StringLibrary::bytes));
    t.set("char", LuaFunction.of(StringLibrary::character));
    t.set("format", LuaFunction.of(StringFormat::format));
    t.set("len", LuaFunction.of((c, a) -> LuaNumber.of(Args.string(c, a, 0).length())));
    t.set("lower", LuaFunction.of((c, a) -> changeCase(c, a, 'A', 'Z')));
    t.set("rep", LuaFunction.of(StringLibrary::repeat));
    t.set("reverse", LuaFunction.of(StringLibrary::reverse));
    t.set("sub", LuaFunction.of(StringLibrary::substring));
    t.set("upper", LuaFunction.of((c, a) -> changeCase(c, a, 'a', 'z')));
    StringSearch.addTo(t);
    return t;
  }

  private static @Nullable Object bytes(LuaCall c, @Nullable Object[] args) {
    LuaString s = Args.string(c, args, 0);
    long from = StringSearch.fromStart(Args.integer(c, args, 1, 1), s.length());
    long to = StringSearch.fromStart(Args.integer(c, args, 2, from), s.length());
    from = Math.max(from, 1);
    to = Math.min(to, s.length());
    if (from > to) {
      return Expr.EMPTY;
    }
    if (from == to) {
      return LuaNumber.of(s.at((int) from - 1));
    }
    if (to - from + 1 > RESULTS_MAX - args.length) {
      throw c.error("stack overflow (string slice too long)");
    }
    Object[] values = new Object[(int) (to - from + 1)];
    for (int i = 0; i < values.length; i++) {
      values[i] = LuaNumber.of(s.at((int) from - 1 + i));
    }
    return values;
  }

  private static Object character(LuaCall c, @Nullable Object[] args) {
    byte[] bytes = new byte[args.length];
    for (int i = 0; i < bytes.length; i++) {
      int value = Args.int32(c, args, i);
      if ((value & 0xff) != value) {
        throw c.argumentError(i + 1, "invalid value");
      }
      bytes[i] = (byte) value;
    }
    return c.newString(bytes);
  }

  private static Object changeCase(LuaCall c, @Nullable Object[] args, int from, int to) {
    LuaString s = Args.string(c, args, 0);
    c.allocate(s.length() + LuaCall.BYTES_OF_STRING);
    c.work(s.length() >> 3);
    byte[] bytes = s.toBytes();
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] >= from && bytes[i] <= to) {
        bytes[i] ^= 0x20;
      }
    }
    return LuaString.of(bytes);
  }

  private static Object repeat(LuaCall c, @Nullable Object[] args) {
    LuaString s = Args.string(c, args, 0);
    int n = Args.int32(c, args, 1);
    if (n <= 0 || s.length() == 0) {
      return LuaString.EMPTY;
    }
    long length = (long) s.length() * n;
    if (length > Integer.MAX_VALUE - 64) {
      c.allocate(length);
      throw new LuaError("string length overflow");
    }
    c.allocate(length + LuaCall.BYTES_OF_STRING);
    c.work((int) (length >> 8));
    byte[] bytes = new byte[(int) length];
    System.arraycopy(s.bytes, 0, bytes, 0, s.length());
    // Each copy doubles what is there.
    for (int filled = s.length(); filled < bytes.length; filled *= 2) {
      System.arraycopy(bytes, 0, bytes, filled, Math.min(filled, bytes.length - filled));
      if (filled > bytes.length / 2) {
        break;
      }
    }
    return LuaString.of(bytes);
  }

  private static Object reverse(LuaCall c, @Nullable Object[] args) {
    LuaString s = Args.string(c, args, 0);
    c.allocate(s.length() + LuaCall.BYTES_OF_STRING);
    c.work(s.length() >> 3);
    byte[] bytes = new byte[s.length()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = s.bytes[bytes.length - 1 - i];
    }
    return LuaString.of(bytes);
  }

  private static Object substring(LuaCall c, @Nullable Object[] args) {
    LuaString s = Args.string(c, args, 0);
    long from = StringSearch.fromStart(Args.integer(c, args, 1), s.length());
    long to = StringSearch.fromStart(Args.integer(c, args, 2, -1), s.length());
    from = Math.max(from, 1);
    to = Math.min(to, s.length());
    if (from > to) {
      return LuaString.EMPTY;
    }
    return from == 1 && to == s.length() ? s : c.newString(s.bytes, (int) from - 1, (int) to);
  }
}

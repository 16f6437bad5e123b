package dev.rookery.lua;

import java.util.Locale;
import java.util.function.IntBinaryOperator;
import org.jspecify.annotations.Nullable;

/** The library {@code bit} (LuaBitOp): operations on 32 bits, with signed results. */
final class BitLibrary {
  /** Added to a number, it leaves the number's integer, rounded, in the lowest bits. */
  private static final double TO_BITS = 6755399441055744.0;

  private BitLibrary() {}

  static LuaTable create() {
    LuaTable t = new LuaTable();
    t.set("tobit", LuaFunction.of((c, a) -> LuaNumber.of(bits(c, a, 0))));
    t.set("bnot", LuaFunction.of((c, a) -> LuaNumber.of(~bits(c, a, 0))));
    t.set("bswap", LuaFunction.of((c, a) -> LuaNumber.of(Integer.reverseBytes(bits(c, a, 0)))));
    fold(t, "band", (x, y) -> x & y);
    fold(t, "bor", (x, y) -> x | y);
    fold(t, "bxor", (x, y) -> x ^ y);
    shift(t, "lshift", (x, n) -> x << n);
    shift(t, "rshift", (x, n) -> x >>> n);
    shift(t, "arshift", (x, n) -> x >> n);
    shift(t, "rol", Integer::rotateLeft);
    shift(t, "ror", Integer::rotateRight);
    t.set("tohex", LuaFunction.of(BitLibrary::toHex));
    return t;
  }

  private static int bits(LuaCall c, @Nullable Object[] args, int i) {
    return (int) Double.doubleToRawLongBits(Args.number(c, args, i) + TO_BITS);
  }

  private static void fold(LuaTable t, String name, IntBinaryOperator op) {
    t.set(
        name,
        LuaFunction.of(
            (c, a) -> {
              int result = bits(c, a, 0);
              for (int i = 1; i < a.length; i++) {
                result = op.applyAsInt(result, bits(c, a, i));
              }
              return LuaNumber.of(result);
            }));
  }

  private static void shift(LuaTable t, String name, IntBinaryOperator op) {
    t.set(
        name,
        LuaFunction.of((c, a) -> LuaNumber.of(op.applyAsInt(bits(c, a, 0), bits(c, a, 1) & 31))));
  }

  private static Object toHex(LuaCall c, @Nullable Object[] args) {
    int value = bits(c, args, 0);
    int n = args.length < 2 ? 8 : bits(c, args, 1);
    int digits = n == Integer.MIN_VALUE ? 8 : Math.min(Math.abs(n), 8);
    String all = String.format(Locale.ROOT, n < 0 ? "%08X" : "%08x", value);
    return LuaString.of(all.substring(8 - digits));
  }
}

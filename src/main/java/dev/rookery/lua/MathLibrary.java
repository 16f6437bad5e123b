package dev.rookery.lua;

import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/** The library {@code math}, with the random numbers of Redis. */
final class MathLibrary {
  private MathLibrary() {}

  static LuaTable create() {
    LuaTable t = new LuaTable();
    unary(t, "abs", Math::abs);
    unary(t, "acos", Math::acos);
    unary(t, "asin", Math::asin);
    unary(t, "atan", Math::atan);
    unary(t, "ceil", Math::ceil);
    unary(t, "cos", Math::cos);
    unary(t, "cosh", Math::cosh);
    unary(t, "deg", x -> x / (Math.PI / 180.0));
    unary(t, "exp", Math::exp);
    unary(t, "floor", Math::floor);
    unary(t, "log", Math::log);
    unary(t, "log10", Math::log10);
    unary(t, "rad", x -> x * (Math.PI / 180.0));
    unary(t, "sin", Math::sin);
    unary(t, "sinh", Math::sinh);
    unary(t, "sqrt", Math::sqrt);
    unary(t, "tan", Math::tan);
    unary(t, "tanh", Math::tanh);
    t.set(
        "atan2",
        LuaFunction.of((c, a) -> number(Math.atan2(Args.number(c, a, 0), Args.number(c, a, 1)))));
    LuaFunction fmod = LuaFunction.of(MathLibrary::fmod);
    t.set("fmod", fmod);
    t.set("mod", fmod);
    t.set("frexp", LuaFunction.of(MathLibrary::frexp));
    t.set("huge", LuaNumber.of(Double.POSITIVE_INFINITY));
    t.set(
        "ldexp",
        LuaFunction.of((c, a) -> number(ldexp(Args.number(c, a, 0), Args.int32(c, a, 1)))));
    t.set("max", LuaFunction.of((c, a) -> extreme(c, a, 1)));
    t.set("min", LuaFunction.of((c, a) -> extreme(c, a, -1)));
    t.set("modf", LuaFunction.of(MathLibrary::modf));
    t.set("pi", LuaNumber.of(Math.PI));
    t.set("pow", LuaFunction.of(MathLibrary::pow));
    t.set("random", LuaFunction.of(MathLibrary::random));
    t.set("randomseed", LuaFunction.of(MathLibrary::randomSeed));
    return t;
  }

  private static Double number(double value) {
    return LuaNumber.of(value);
  }

  private static void unary(LuaTable t, String name, DoubleUnaryOperator function) {
    t.set(
        name,
        LuaFunction.of(
            (c, a) -> {
              double x = Args.number(c, a, 0);
              double r = function.applyAsDouble(x);
              return number(Double.isNaN(r) ? Ops.nan(x, x) : r);
            }));
  }

  private static Object fmod(LuaCall c, @Nullable Object[] args) {
    double x = Args.number(c, args, 0);
    double y = Args.number(c, args, 1);
    double r = x % y;
    return number(Double.isNaN(r) ? Ops.nan(x, y) : r);
  }

  private static Object pow(LuaCall c, @Nullable Object[] args) {
    return number(Ops.compute(Ops.POW, Args.number(c, args, 0), Args.number(c, args, 1)));
  }

  private static Object frexp(LuaCall c, @Nullable Object[] args) {
    double x = Args.number(c, args, 0);
    if (x == 0 || !Double.isFinite(x)) {
      return new Object[] {number(x), number(0)};
    }
    int exponent = Math.getExponent(x);
    double scaled = x;
    if (exponent < Double.MIN_EXPONENT) {
      scaled = x * 0x1p54;
      exponent = Math.getExponent(scaled) - 54;
      return new Object[] {number(scaled / Math.pow(2, exponent + 54 + 1)), number(exponent + 1)};
    }
    return new Object[] {number(Math.scalb(scaled, -exponent - 1)), number(exponent + 1)};
  }

  private static double ldexp(double x, int exponent) {
    return Math.scalb(x, exponent);
  }

  private static Object modf(LuaCall c, @Nullable Object[] args) {
    double x = Args.number(c, args, 0);
    double whole = x < 0 ? Math.ceil(x) : Math.floor(x);
    double fraction = Double.isInfinite(x) ? Math.copySign(0, x) : Math.copySign(x - whole, x);
    return new Object[] {number(whole), number(fraction)};
  }

  private static Object extreme(LuaCall c, @Nullable Object[] args, int sign) {
    double result = Args.number(c, args, 0);
    for (int i = 1; i < args.length; i++) {
      double x = Args.number(c, args, i);
      if (sign > 0 ? x > result : x < result) {
        result = x;
      }
    }
    return number(result);
  }

  private static Object random(LuaCall c, @Nullable Object[] args) {
    double r = c.random.next() % RandomNumbers.MAX / RandomNumbers.MAX;
    switch (args.length) {
      case 0 -> {
        return number(r);
      }
      case 1 -> {
        int u = Args.int32(c, args, 0);
        if (u < 1) {
          throw c.argumentError(1, "interval is empty");
        }
        return number(Math.floor(r * u) + 1);
      }
      case 2 -> {
        int l = Args.int32(c, args, 0);
        int u = Args.int32(c, args, 1);
        if (l > u) {
          throw c.argumentError(2, "interval is empty");
        }
        return number(Math.floor(r * (u - l + 1)) + l);
      }
      default -> throw c.error("wrong number of arguments");
    }
  }

  private static Object randomSeed(LuaCall c, @Nullable Object[] args) {
    c.random.seed(Args.int32(c, args, 0));
    return Expr.EMPTY;
  }
}

package dev.rookery.lua;

import org.jspecify.annotations.Nullable;

/**
 * An expression as a node that evaluates itself. A frame has the running closure at 0, the variable
 * arguments at 1, and the local variables behind them.
 */
abstract class Expr {
  static final Object[] EMPTY = new Object[0];

  /**
   * What {@link #number} returns if an operand is no number: a NaN that no operation results in.
   */
  static final double NO_NUMBER = Double.longBitsToDouble(0x7ff8_1111_1111_1111L);

  private static final long NO_NUMBER_BITS = Double.doubleToRawLongBits(NO_NUMBER);

  /** How many Java frames the evaluation nests at most, apart from the functions that it calls. */
  final int height;

  Expr(int height) {
    this.height = height;
  }

  /** Returns exactly one value. */
  abstract @Nullable Object eval(LuaCall c, @Nullable Object[] f);

  /** Returns one value, or an array of several or none. */
  @Nullable Object evalMulti(LuaCall c, @Nullable Object[] f) {
    return eval(c, f);
  }

  boolean test(LuaCall c, @Nullable Object[] f) {
    Object value = eval(c, f);
    return Ops.truthy(value);
  }

  /**
   * Whether this is arithmetic on variables and constants alone. Then {@link #number} has its value
   * without boxing those in between, as long as all of them are numbers, and runs no other code.
   */
  boolean isNumeric() {
    return false;
  }

  /**
   * The value of a numeric expression; {@link #NO_NUMBER} if an operand is no number, and {@link
   * #eval} is to be called. That one may be called too if a script has made that very NaN.
   */
  double number(LuaCall c, @Nullable Object[] f) {
    return eval(c, f) instanceof Double d ? d : NO_NUMBER;
  }

  static boolean isNumber(double value) {
    return !Double.isNaN(value) || Double.doubleToRawLongBits(value) != NO_NUMBER_BITS;
  }

  /** The result of an operation on these that is NaN. */
  static double nan(double x, double y) {
    return isNumber(x) && isNumber(y) ? Ops.nan(x, y) : NO_NUMBER;
  }

  /** Whether there may be any number of values. */
  boolean isMulti() {
    return false;
  }

  /** Whether evaluating it runs no other code, so that nothing must be held meanwhile. */
  boolean isSimple() {
    return false;
  }

  /** The kind of variable ("local", "global", "field", "upvalue", "method") for messages. */
  @Nullable String kind() {
    return null;
  }

  @Nullable String name() {
    return null;
  }

  final @Nullable String description() {
    String kind = kind();
    return kind == null ? null : kind + " '" + name() + "'";
  }

  static @Nullable Object first(@Nullable Object result) {
    return result instanceof Object[] values ? (values.length > 0 ? values[0] : null) : result;
  }

  static Object[] list(@Nullable Object result) {
    return result instanceof Object[] values ? values : new Object[] {result};
  }

  static int height(Expr... children) {
    int max = 0;
    for (Expr child : children) {
      max = Math.max(max, child.height);
    }
    return max + 1;
  }
}

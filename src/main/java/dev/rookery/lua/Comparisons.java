package dev.rookery.lua;

import org.jspecify.annotations.Nullable;

/**
 * The relational operators. {@code a > b} is {@code b < a} with the operands read in order. Each
 * has a node of its own, so that comparing two numbers, the frequent case, takes no decision at run
 * time.
 */
final class Comparisons {
  private Comparisons() {}

  private abstract static class Comparison extends Operators.Binary {
    Comparison(Expr left, Expr right, Site site) {
      super(left, right, site);
    }

    @Override
    final Object eval(LuaCall c, @Nullable Object[] f) {
      return test(c, f);
    }
  }

  static final class Equal extends Comparison {
    private final boolean negated;

    Equal(Expr left, Expr right, boolean negated, Site site) {
      super(left, right, site);
      this.negated = negated;
    }

    @Override
    boolean test(LuaCall c, @Nullable Object[] f) {
      if (numeric) {
        double x = leftNumber(c, f);
        double y = rightNumber(c, f);
        if (!Double.isNaN(x) && !Double.isNaN(y)) {
          return (x == y) != negated;
        }
      }
      Object a = left.eval(c, f);
      Object b = evalRight(c, f, a);
      return Ops.equals(c, a, b, site) != negated;
    }
  }

  static final class Less extends Comparison {
    Less(Expr left, Expr right, Site site) {
      super(left, right, site);
    }

    @Override
    boolean test(LuaCall c, @Nullable Object[] f) {
      if (numeric) {
        double x = leftNumber(c, f);
        double y = rightNumber(c, f);
        if (!Double.isNaN(x) && !Double.isNaN(y)) {
          return x < y;
        }
      }
      Object a = left.eval(c, f);
      Object b = evalRight(c, f, a);
      return a instanceof Double x && b instanceof Double y ? x < y : Ops.lessThan(c, a, b, site);
    }
  }

  static final class LessOrEqual extends Comparison {
    LessOrEqual(Expr left, Expr right, Site site) {
      super(left, right, site);
    }

    @Override
    boolean test(LuaCall c, @Nullable Object[] f) {
      if (numeric) {
        double x = leftNumber(c, f);
        double y = rightNumber(c, f);
        if (!Double.isNaN(x) && !Double.isNaN(y)) {
          return x <= y;
        }
      }
      Object a = left.eval(c, f);
      Object b = evalRight(c, f, a);
      return a instanceof Double x && b instanceof Double y
          ? x <= y
          : Ops.lessOrEqual(c, a, b, site);
    }
  }

  static final class Greater extends Comparison {
    Greater(Expr left, Expr right, Site site) {
      super(left, right, site);
    }

    @Override
    boolean test(LuaCall c, @Nullable Object[] f) {
      if (numeric) {
        double x = leftNumber(c, f);
        double y = rightNumber(c, f);
        if (!Double.isNaN(x) && !Double.isNaN(y)) {
          return x > y;
        }
      }
      Object a = left.eval(c, f);
      Object b = evalRight(c, f, a);
      return a instanceof Double x && b instanceof Double y ? x > y : Ops.lessThan(c, b, a, site);
    }
  }

  static final class GreaterOrEqual extends Comparison {
    GreaterOrEqual(Expr left, Expr right, Site site) {
      super(left, right, site);
    }

    @Override
    boolean test(LuaCall c, @Nullable Object[] f) {
      if (numeric) {
        double x = leftNumber(c, f);
        double y = rightNumber(c, f);
        if (!Double.isNaN(x) && !Double.isNaN(y)) {
          return x >= y;
        }
      }
      Object a = left.eval(c, f);
      Object b = evalRight(c, f, a);
      return a instanceof Double x && b instanceof Double y
          ? x >= y
          : Ops.lessOrEqual(c, b, a, site);
    }
  }
}

package dev.rookery.lua;

import org.jspecify.annotations.Nullable;

/** Arithmetic, concatenation, length and the logical operators. */
final class Operators {
  private Operators() {}

  /** Two operands of which the left one stays reachable while the right one runs other code. */
  abstract static class Binary extends Expr {
    final Expr left;
    final Expr right;
    final Site site;

    /** Whether both operands are. */
    final boolean numeric;

    private final boolean simple;
    private final int leftSlot;
    private final int rightSlot;
    private final boolean rightConstant;
    private final double constant;

    Binary(Expr left, Expr right, Site site) {
      super(height(left, right) + 4);
      this.left = left;
      this.right = right;
      this.site = site;
      this.simple = right.isSimple();
      this.numeric = left.isNumeric() && right.isNumeric();
      this.leftSlot = left instanceof Variables.Local local ? local.slot : -1;
      this.rightSlot = right instanceof Variables.Local local ? local.slot : -1;
      this.rightConstant = right instanceof Variables.Constant;
      this.constant =
          right instanceof Variables.Constant known && known.value instanceof Double number
              ? number
              : NO_NUMBER;
    }

    /** The number of the left operand. A local variable, the frequent case, is read here. */
    final double leftNumber(LuaCall c, @Nullable Object[] f) {
      if (leftSlot < 0) {
        return left.number(c, f);
      }
      return f[leftSlot] instanceof Double d ? d : NO_NUMBER;
    }

    final double rightNumber(LuaCall c, @Nullable Object[] f) {
      if (rightConstant) {
        return constant;
      }
      if (rightSlot < 0) {
        return right.number(c, f);
      }
      return f[rightSlot] instanceof Double d ? d : NO_NUMBER;
    }

    final @Nullable Object evalRight(LuaCall c, @Nullable Object[] f, @Nullable Object leftValue) {
      if (simple || leftValue instanceof Double) {
        return right.eval(c, f);
      }
      c.hold(leftValue);
      Object value = right.eval(c, f);
      c.release();
      return value;
    }
  }

  /** The three most frequent operators have nodes of their own, which compute without a switch. */
  static Expr arithmetic(int op, Expr left, Expr right, Site site) {
    return switch (op) {
      case Ops.ADD -> new Add(left, right, site);
      case Ops.SUB -> new Subtract(left, right, site);
      case Ops.MUL -> new Multiply(left, right, site);
      default -> new Arithmetic(op, left, right, site);
    };
  }

  static final class Add extends Binary {
    Add(Expr left, Expr right, Site site) {
      super(left, right, site);
    }

    @Override
    boolean isNumeric() {
      return numeric;
    }

    @Override
    double number(LuaCall c, @Nullable Object[] f) {
      double x = leftNumber(c, f);
      double y = rightNumber(c, f);
      double r = x + y;
      return Double.isNaN(r) ? nan(x, y) : r;
    }

    @Override
    @Nullable Object eval(LuaCall c, @Nullable Object[] f) {
      if (numeric) {
        double r = number(c, f);
        if (isNumber(r)) {
          return LuaNumber.of(r);
        }
      }
      Object a = left.eval(c, f);
      Object b = evalRight(c, f, a);
      if (a instanceof Double x && b instanceof Double y) {
        double r = x + y;
        return LuaNumber.of(Double.isNaN(r) ? Ops.nan(x, y) : r);
      }
      return Ops.arithmetic(c, Ops.ADD, a, b, site, left, right);
    }
  }

  static final class Subtract extends Binary {
    Subtract(Expr left, Expr right, Site site) {
      super(left, right, site);
    }

    @Override
    boolean isNumeric() {
      return numeric;
    }

    @Override
    double number(LuaCall c, @Nullable Object[] f) {
      double x = leftNumber(c, f);
      double y = rightNumber(c, f);
      double r = x - y;
      return Double.isNaN(r) ? nan(x, y) : r;
    }

    @Override
    @Nullable Object eval(LuaCall c, @Nullable Object[] f) {
      if (numeric) {
        double r = number(c, f);
        if (isNumber(r)) {
          return LuaNumber.of(r);
        }
      }
      Object a = left.eval(c, f);
      Object b = evalRight(c, f, a);
      if (a instanceof Double x && b instanceof Double y) {
        double r = x - y;
        return LuaNumber.of(Double.isNaN(r) ? Ops.nan(x, y) : r);
      }
      return Ops.arithmetic(c, Ops.SUB, a, b, site, left, right);
    }
  }

  static final class Multiply extends Binary {
    Multiply(Expr left, Expr right, Site site) {
      super(left, right, site);
    }

    @Override
    boolean isNumeric() {
      return numeric;
    }

    @Override
    double number(LuaCall c, @Nullable Object[] f) {
      double x = leftNumber(c, f);
      double y = rightNumber(c, f);
      double r = x * y;
      return Double.isNaN(r) ? nan(x, y) : r;
    }

    @Override
    @Nullable Object eval(LuaCall c, @Nullable Object[] f) {
      if (numeric) {
        double r = number(c, f);
        if (isNumber(r)) {
          return LuaNumber.of(r);
        }
      }
      Object a = left.eval(c, f);
      Object b = evalRight(c, f, a);
      if (a instanceof Double x && b instanceof Double y) {
        double r = x * y;
        return LuaNumber.of(Double.isNaN(r) ? Ops.nan(x, y) : r);
      }
      return Ops.arithmetic(c, Ops.MUL, a, b, site, left, right);
    }
  }

  static final class Arithmetic extends Binary {
    private final int op;

    Arithmetic(int op, Expr left, Expr right, Site site) {
      super(left, right, site);
      this.op = op;
    }

    @Override
    boolean isNumeric() {
      return numeric;
    }

    @Override
    double number(LuaCall c, @Nullable Object[] f) {
      double x = leftNumber(c, f);
      double y = rightNumber(c, f);
      // Looked at before, because a power may be a number though an operand is none.
      return isNumber(x) && isNumber(y) ? Ops.compute(op, x, y) : NO_NUMBER;
    }

    @Override
    @Nullable Object eval(LuaCall c, @Nullable Object[] f) {
      if (numeric) {
        double r = number(c, f);
        if (isNumber(r)) {
          return LuaNumber.of(r);
        }
      }
      Object a = left.eval(c, f);
      Object b = evalRight(c, f, a);
      if (a instanceof Double x && b instanceof Double y) {
        return LuaNumber.of(Ops.compute(op, x, y));
      }
      return Ops.arithmetic(c, op, a, b, site, left, right);
    }
  }

  static final class Negate extends Expr {
    private final Expr operand;
    private final Site site;

    Negate(Expr operand, Site site) {
      super(operand.height + 4);
      this.operand = operand;
      this.site = site;
    }

    @Override
    boolean isNumeric() {
      return operand.isNumeric();
    }

    @Override
    double number(LuaCall c, @Nullable Object[] f) {
      double x = operand.number(c, f);
      return isNumber(x) ? -x : NO_NUMBER;
    }

    @Override
    @Nullable Object eval(LuaCall c, @Nullable Object[] f) {
      return Ops.negate(c, operand.eval(c, f), site, operand);
    }
  }

  static final class Length extends Expr {
    private final Expr operand;
    private final Site site;

    Length(Expr operand, Site site) {
      super(operand.height + 3);
      this.operand = operand;
      this.site = site;
    }

    @Override
    @Nullable Object eval(LuaCall c, @Nullable Object[] f) {
      return Ops.length(c, operand.eval(c, f), site, operand);
    }
  }

  /** A whole chain of {@code ..}, which Lua concatenates at once. */
  static final class Concat extends Expr {
    final Expr[] operands;
    private final Site site;
    private final boolean simple;

    Concat(Expr[] operands, Site site) {
      super(height(operands) + 5);
      this.operands = operands;
      this.site = site;
      boolean all = true;
      for (Expr operand : operands) {
        all &= operand.isSimple();
      }
      this.simple = all;
    }

    @Override
    @Nullable Object eval(LuaCall c, @Nullable Object[] f) {
      @Nullable Object[] values = new Object[operands.length];
      if (!simple) {
        c.hold(values);
      }
      for (int i = 0; i < values.length; i++) {
        values[i] = operands[i].eval(c, f);
      }
      Object result = Ops.concat(c, values, site, operands);
      if (!simple) {
        c.release();
      }
      return result;
    }
  }

  static final class And extends Expr {
    private final Expr left;
    private final Expr right;

    And(Expr left, Expr right) {
      super(height(left, right));
      this.left = left;
      this.right = right;
    }

    @Override
    @Nullable Object eval(LuaCall c, @Nullable Object[] f) {
      Object a = left.eval(c, f);
      return Ops.truthy(a) ? right.eval(c, f) : a;
    }

    @Override
    boolean test(LuaCall c, @Nullable Object[] f) {
      return left.test(c, f) && right.test(c, f);
    }
  }

  static final class Or extends Expr {
    private final Expr left;
    private final Expr right;

    Or(Expr left, Expr right) {
      super(height(left, right));
      this.left = left;
      this.right = right;
    }

    @Override
    @Nullable Object eval(LuaCall c, @Nullable Object[] f) {
      Object a = left.eval(c, f);
      return Ops.truthy(a) ? a : right.eval(c, f);
    }

    @Override
    boolean test(LuaCall c, @Nullable Object[] f) {
      return left.test(c, f) || right.test(c, f);
    }
  }

  static final class Not extends Expr {
    private final Expr operand;

    Not(Expr operand) {
      super(operand.height + 1);
      this.operand = operand;
    }

    @Override
    Object eval(LuaCall c, @Nullable Object[] f) {
      return !operand.test(c, f);
    }

    @Override
    boolean test(LuaCall c, @Nullable Object[] f) {
      return !operand.test(c, f);
    }
  }
}

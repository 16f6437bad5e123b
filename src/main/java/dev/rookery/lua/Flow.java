package dev.rookery.lua;

import org.jspecify.annotations.Nullable;

/** Conditions, returns, breaks and calls as statements. */
final class Flow {
  static final Stmt BREAK =
      new Stmt(1) {
        @Override
        Object exec(LuaCall c, @Nullable Object[] f) {
          return Stmt.BREAK;
        }
      };

  private Flow() {}

  static final class Call extends Stmt {
    private final Calls.Invocation call;

    Call(Calls.Invocation call) {
      super(call.height + 1);
      this.call = call;
    }

    @Override
    @Nullable Object exec(LuaCall c, @Nullable Object[] f) {
      call.evalMulti(c, f);
      return null;
    }
  }

  static final class If extends Stmt {
    private final Expr[] conditions;
    private final Stmt[] blocks;
    private final @Nullable Stmt otherwise;

    If(Expr[] conditions, Stmt[] blocks, @Nullable Stmt otherwise) {
      super(highest(conditions, blocks, otherwise) + 1);
      this.conditions = conditions;
      this.blocks = blocks;
      this.otherwise = otherwise;
    }

    private static int highest(Expr[] conditions, Stmt[] blocks, @Nullable Stmt otherwise) {
      int max = Math.max(Expr.height(conditions), otherwise == null ? 0 : otherwise.height);
      for (Stmt block : blocks) {
        max = Math.max(max, block.height);
      }
      return max;
    }

    @Override
    @Nullable Object exec(LuaCall c, @Nullable Object[] f) {
      for (int i = 0; i < conditions.length; i++) {
        if (conditions[i].test(c, f)) {
          return blocks[i].exec(c, f);
        }
      }
      return otherwise == null ? null : otherwise.exec(c, f);
    }
  }

  static Stmt returning(Expr[] values) {
    if (values.length == 1) {
      return values[0] instanceof Calls.Invocation call
          ? new ReturnCall(call)
          : values[0].isMulti() ? new ReturnAll(values) : new ReturnOne(values[0]);
    }
    return new ReturnAll(values);
  }

  private static final class ReturnOne extends Stmt {
    private final Expr value;

    ReturnOne(Expr value) {
      super(value.height + 1);
      this.value = value;
    }

    @Override
    Object exec(LuaCall c, @Nullable Object[] f) {
      Object result = value.eval(c, f);
      return result == null ? NIL : result;
    }
  }

  private static final class ReturnCall extends Stmt {
    private final Calls.Invocation call;

    ReturnCall(Calls.Invocation call) {
      super(call.height + 1);
      this.call = call;
    }

    @Override
    @Nullable Object exec(LuaCall c, @Nullable Object[] f) {
      return call.evalTail(c, f);
    }
  }

  private static final class ReturnAll extends Stmt {
    private final Expr[] values;
    private final boolean simple;

    ReturnAll(Expr[] values) {
      super(Expr.height(values) + 1);
      this.values = values;
      this.simple = Calls.allSimple(values);
    }

    @Override
    Object exec(LuaCall c, @Nullable Object[] f) {
      return Calls.evalList(c, f, values, simple);
    }
  }
}

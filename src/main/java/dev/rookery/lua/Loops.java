package dev.rookery.lua;

import org.jspecify.annotations.Nullable;

/** The loops. Each round counts as an instruction. */
final class Loops {
  private Loops() {}

  static final class While extends Stmt {
    private final Expr condition;
    private final Stmt body;

    While(Expr condition, Stmt body) {
      super(Math.max(condition.height, body.height) + 1);
      this.condition = condition;
      this.body = body;
    }

    @Override
    @Nullable Object exec(LuaCall c, @Nullable Object[] f) {
      while (condition.test(c, f)) {
        c.tick();
        Object result = body.exec(c, f);
        if (result != null) {
          return result == BREAK ? null : result;
        }
      }
      return null;
    }
  }

  static final class Repeat extends Stmt {
    private final Stmt body;
    private final Expr condition;

    Repeat(Stmt body, Expr condition) {
      super(Math.max(condition.height, body.height) + 1);
      this.body = body;
      this.condition = condition;
    }

    @Override
    @Nullable Object exec(LuaCall c, @Nullable Object[] f) {
      do {
        c.tick();
        Object result = body.exec(c, f);
        if (result != null) {
          return result == BREAK ? null : result;
        }
      } while (!condition.test(c, f));
      return null;
    }
  }

  static final class NumericFor extends Stmt {
    private final int slot;
    private final boolean captured;
    private final Expr start;
    private final Expr limit;
    private final @Nullable Expr step;
    private final Stmt body;
    private final Site site;

    NumericFor(
        int slot,
        boolean captured,
        Expr start,
        Expr limit,
        @Nullable Expr step,
        Stmt body,
        Site site) {
      super(
          Math.max(Expr.height(start, limit), Math.max(body.height, step == null ? 0 : step.height))
              + 1);
      this.slot = slot;
      this.captured = captured;
      this.start = start;
      this.limit = limit;
      this.step = step;
      this.body = body;
      this.site = site;
    }

    private double number(@Nullable Object value, String what) {
      Double number = Ops.toNumber(value);
      if (number == null) {
        throw site.error("'for' " + what + " must be a number");
      }
      return number;
    }

    @Override
    @Nullable Object exec(LuaCall c, @Nullable Object[] f) {
      Object first = start.eval(c, f);
      Object last = limit.eval(c, f);
      Object by = step == null ? null : step.eval(c, f);
      double i = number(first, "initial value");
      double end = number(last, "limit");
      double increment = step == null ? 1 : number(by, "step");
      // Lua subtracts the step first and adds it before each round.
      for (i = i - increment + increment; increment > 0 ? i <= end : end <= i; i += increment) {
        c.tick();
        Double boxed = LuaNumber.of(i);
        f[slot] = captured ? new Cell(boxed) : boxed;
        Object result = body.exec(c, f);
        if (result != null) {
          return result == BREAK ? null : result;
        }
      }
      return null;
    }
  }

  static final class GenericFor extends Stmt {
    private final int slot;
    private final int control;
    private final boolean[] captured;
    private final Expr[] explist;
    private final boolean simple;
    private final Stmt body;
    private final Site site;

    /** The loop variables start at the slot; three slots from {@code control} on are its own. */
    GenericFor(int slot, int control, boolean[] captured, Expr[] explist, Stmt body, Site site) {
      super(Math.max(Expr.height(explist), body.height) + 3);
      this.slot = slot;
      this.control = control;
      this.captured = captured;
      this.explist = explist;
      this.simple = Calls.allSimple(explist);
      this.body = body;
      this.site = site;
    }

    @Override
    @Nullable Object exec(LuaCall c, @Nullable Object[] f) {
      @Nullable Object[] init = Calls.evalList(c, f, explist, simple);
      Object iterator = init.length > 0 ? init[0] : null;
      Object state = init.length > 1 ? init[1] : null;
      Object value = init.length > 2 ? init[2] : null;
      f[control] = iterator;
      f[control + 1] = state;
      if (state instanceof LuaTable table) {
        if (iterator == BaseLibrary.NEXT && value == null) {
          return execNext(c, f, table);
        }
        if (iterator == BaseLibrary.IPAIRS_NEXT && value instanceof Double d && d == 0) {
          return execIpairs(c, f, table);
        }
      }
      while (true) {
        c.tick();
        f[control + 2] = value;
        Object next = step(c, iterator, state, value);
        value = Expr.first(next);
        if (value == null) {
          return null;
        }
        @Nullable Object[] list = next instanceof Object[] several ? several : null;
        for (int i = 0; i < captured.length; i++) {
          bind(f, i, i == 0 ? value : list != null && i < list.length ? list[i] : null);
        }
        Object result = body.exec(c, f);
        if (result != null) {
          return result == BREAK ? null : result;
        }
      }
    }

    private @Nullable Object step(
        LuaCall c, @Nullable Object iterator, @Nullable Object state, @Nullable Object value) {
      if (!(iterator instanceof LuaFunction)
          && !(Ops.metamethod(c, iterator, MetaNames.CALL) instanceof LuaFunction)) {
        throw Ops.typeError(c, site, "call", iterator, null);
      }
      return c.invokeAt(site, iterator, state, value);
    }

    /** Walks through a table without a look-up per step. */
    private @Nullable Object execNext(LuaCall c, @Nullable Object[] f, LuaTable table) {
      int position = -1;
      Object key = null;
      @Nullable Object[] array = table.array;
      @Nullable Object[] keys = table.keys;
      while (true) {
        c.tick();
        if (table.keys != keys || table.array != array) {
          // New keys have moved everything: look the last one up, as next does.
          position = table.positionOfKey(key);
          if (position == -2) {
            throw new LuaError("invalid key to 'next'");
          }
          array = table.array;
          keys = table.keys;
        }
        position = table.nextPosition(position);
        if (position < 0) {
          return null;
        }
        key = table.keyAt(position);
        bindPair(f, key, table.valueAt(position));
        Object result = body.exec(c, f);
        if (result != null) {
          return result == BREAK ? null : result;
        }
      }
    }

    private @Nullable Object execIpairs(LuaCall c, @Nullable Object[] f, LuaTable table) {
      for (int i = 1; ; i++) {
        c.tick();
        Object value = table.get(i);
        if (value == null) {
          return null;
        }
        bindPair(f, LuaNumber.of(i), value);
        Object result = body.exec(c, f);
        if (result != null) {
          return result == BREAK ? null : result;
        }
      }
    }

    /** Gives the loop variables a key and its value, and nil to those behind them. */
    private void bindPair(@Nullable Object[] f, Object key, @Nullable Object value) {
      bind(f, 0, key);
      for (int i = 1; i < captured.length; i++) {
        bind(f, i, i == 1 ? value : null);
      }
    }

    private void bind(@Nullable Object[] f, int variable, @Nullable Object value) {
      f[slot + variable] = captured[variable] ? new Cell(value) : value;
    }
  }
}

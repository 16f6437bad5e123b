package dev.rookery.lua;

import org.jspecify.annotations.Nullable;

/** Statements that give values to variables and fields. */
final class Assignments {
  private Assignments() {}

  /** {@code local x = value}. */
  static final class DeclareLocal extends Stmt {
    private final int slot;
    private final boolean captured;
    private final @Nullable Expr value;

    DeclareLocal(int slot, boolean captured, @Nullable Expr value) {
      super(value == null ? 1 : value.height + 1);
      this.slot = slot;
      this.captured = captured;
      this.value = value;
    }

    @Override
    @Nullable Object exec(LuaCall c, @Nullable Object[] f) {
      Object v = value == null ? null : value.eval(c, f);
      f[slot] = captured ? new Cell(v) : v;
      return null;
    }
  }

  /** {@code local a, b = ...} with any number of names and values. */
  static final class DeclareLocals extends Stmt {
    private final int first;
    private final boolean[] captured;
    private final Expr[] values;
    private final boolean simple;

    DeclareLocals(int first, boolean[] captured, Expr[] values) {
      super(Expr.height(values) + 2);
      this.first = first;
      this.captured = captured;
      this.values = values;
      this.simple = Calls.allSimple(values);
    }

    @Override
    @Nullable Object exec(LuaCall c, @Nullable Object[] f) {
      @Nullable Object[] list = Calls.evalList(c, f, values, simple);
      for (int i = 0; i < captured.length; i++) {
        Object v = i < list.length ? list[i] : null;
        f[first + i] = captured[i] ? new Cell(v) : v;
      }
      return null;
    }
  }

  /** {@code local function name}: the function sees itself. */
  static final class LocalFunction extends Stmt {
    private final int slot;
    private final boolean captured;
    private final Constructors.Function function;

    LocalFunction(int slot, boolean captured, Constructors.Function function) {
      super(3);
      this.slot = slot;
      this.captured = captured;
      this.function = function;
    }

    @Override
    @Nullable Object exec(LuaCall c, @Nullable Object[] f) {
      if (captured) {
        Cell cell = new Cell(null);
        f[slot] = cell;
        cell.value = function.eval(c, f);
      } else {
        f[slot] = function.eval(c, f);
      }
      return null;
    }
  }

  static final class SetLocal extends Stmt {
    private final int slot;
    private final Expr value;

    SetLocal(int slot, Expr value) {
      super(value.height + 1);
      this.slot = slot;
      this.value = value;
    }

    @Override
    @Nullable Object exec(LuaCall c, @Nullable Object[] f) {
      f[slot] = value.eval(c, f);
      return null;
    }
  }

  static final class SetField extends Stmt {
    private final Expr object;
    private final Expr key;
    private final Expr value;
    private final Site site;
    private final boolean simple;

    SetField(Expr object, Expr key, Expr value, Site site) {
      super(Expr.height(object, key, value) + 4);
      this.object = object;
      this.key = key;
      this.value = value;
      this.site = site;
      this.simple = key.isSimple() && value.isSimple();
    }

    @Override
    @Nullable Object exec(LuaCall c, @Nullable Object[] f) {
      Object o = object.eval(c, f);
      Object k;
      Object v;
      if (simple) {
        k = key.eval(c, f);
        v = value.eval(c, f);
      } else {
        c.hold(o);
        k = key.eval(c, f);
        c.hold(k);
        v = value.eval(c, f);
        c.release();
        c.release();
      }
      if (o instanceof LuaTable t && t.metatable == null && !t.readOnly) {
        if (k instanceof LuaString s) {
          t.set(s, v);
          return null;
        }
        if (k instanceof Double d && !d.isNaN()) {
          t.set((Object) d, v);
          return null;
        }
      }
      Ops.setIndex(c, o, k, v, site, object);
      return null;
    }
  }

  /** What stands left of {@code =}: its parts are evaluated first, the value is stored last. */
  abstract static class Target {
    final int height;

    Target(int height) {
      this.height = height;
    }

    int parts() {
      return 0;
    }

    void evalParts(LuaCall c, @Nullable Object[] f, @Nullable Object[] parts, int at) {}

    abstract void store(
        LuaCall c, @Nullable Object[] f, @Nullable Object[] parts, int at, @Nullable Object value);

    abstract Stmt assign(Expr value);
  }

  static final class LocalTarget extends Target {
    private final int slot;

    LocalTarget(int slot) {
      super(1);
      this.slot = slot;
    }

    @Override
    void store(
        LuaCall c, @Nullable Object[] f, @Nullable Object[] parts, int at, @Nullable Object value) {
      f[slot] = value;
    }

    @Override
    Stmt assign(Expr value) {
      return new SetLocal(slot, value);
    }
  }

  /** A captured local variable, an upvalue or a global variable. */
  abstract static class VariableTarget extends Target {
    VariableTarget() {
      super(4);
    }

    abstract void store(LuaCall c, @Nullable Object[] f, @Nullable Object value);

    @Override
    final void store(
        LuaCall c, @Nullable Object[] f, @Nullable Object[] parts, int at, @Nullable Object value) {
      store(c, f, value);
    }

    @Override
    final Stmt assign(Expr value) {
      return new SetVariable(this, value);
    }
  }

  private static final class SetVariable extends Stmt {
    private final VariableTarget target;
    private final Expr value;

    SetVariable(VariableTarget target, Expr value) {
      super(Math.max(target.height, value.height) + 1);
      this.target = target;
      this.value = value;
    }

    @Override
    @Nullable Object exec(LuaCall c, @Nullable Object[] f) {
      target.store(c, f, value.eval(c, f));
      return null;
    }
  }

  static final class CapturedTarget extends VariableTarget {
    private final int slot;

    CapturedTarget(int slot) {
      this.slot = slot;
    }

    @Override
    void store(LuaCall c, @Nullable Object[] f, @Nullable Object value) {
      ((Cell) f[slot]).value = value;
    }
  }

  static final class UpvalueTarget extends VariableTarget {
    private final int index;

    UpvalueTarget(int index) {
      this.index = index;
    }

    @Override
    void store(LuaCall c, @Nullable Object[] f, @Nullable Object value) {
      ((LuaClosure) f[0]).upvalues[index].value = value;
    }
  }

  static final class GlobalTarget extends VariableTarget {
    private final LuaString name;
    private final Site site;

    GlobalTarget(LuaString name, Site site) {
      this.name = name;
      this.site = site;
    }

    @Override
    void store(LuaCall c, @Nullable Object[] f, @Nullable Object value) {
      Ops.setIndex(c, ((LuaClosure) f[0]).environment, name, value, site, null);
    }
  }

  static final class FieldTarget extends Target {
    private final Expr object;
    private final Expr key;
    private final Site site;

    FieldTarget(Expr object, Expr key, Site site) {
      super(Expr.height(object, key) + 4);
      this.object = object;
      this.key = key;
      this.site = site;
    }

    @Override
    int parts() {
      return 2;
    }

    @Override
    void evalParts(LuaCall c, @Nullable Object[] f, @Nullable Object[] parts, int at) {
      parts[at] = object.eval(c, f);
      parts[at + 1] = key.eval(c, f);
    }

    @Override
    void store(
        LuaCall c, @Nullable Object[] f, @Nullable Object[] parts, int at, @Nullable Object value) {
      Ops.setIndex(c, parts[at], parts[at + 1], value, site, object);
    }

    @Override
    Stmt assign(Expr value) {
      return new SetField(object, key, value, site);
    }
  }

  /**
   * {@code a, b.c = ...}: all parts, then all values, then the stores from the last to the first.
   */
  static final class AssignAll extends Stmt {
    private final Target[] targets;
    private final Expr[] values;
    private final int parts;

    AssignAll(Target[] targets, Expr[] values) {
      super(highest(targets, values) + 2);
      this.targets = targets;
      this.values = values;
      int sum = 0;
      for (Target target : targets) {
        sum += target.parts();
      }
      this.parts = sum;
    }

    private static int highest(Target[] targets, Expr[] values) {
      int max = Expr.height(values);
      for (Target target : targets) {
        max = Math.max(max, target.height);
      }
      return max;
    }

    @Override
    @Nullable Object exec(LuaCall c, @Nullable Object[] f) {
      @Nullable Object[] evaluated = new Object[parts];
      c.hold(evaluated);
      int at = 0;
      for (Target target : targets) {
        target.evalParts(c, f, evaluated, at);
        at += target.parts();
      }
      @Nullable Object[] list = Calls.evalList(c, f, values, false);
      for (int i = targets.length - 1; i >= 0; i--) {
        at -= targets[i].parts();
        targets[i].store(c, f, evaluated, at, i < list.length ? list[i] : null);
      }
      c.release();
      return null;
    }
  }
}

package dev.rookery.lua;

import org.jspecify.annotations.Nullable;

/** Expressions that read variables, fields and constants. */
final class Variables {
  private Variables() {}

  static final class Constant extends Expr {
    final @Nullable Object value;

    Constant(@Nullable Object value) {
      super(1);
      this.value = value;
    }

    @Override
    @Nullable Object eval(LuaCall c, @Nullable Object[] f) {
      return value;
    }

    @Override
    boolean isNumeric() {
      return value instanceof Double;
    }

    @Override
    boolean isSimple() {
      return true;
    }
  }

  static final class Local extends Expr {
    final int slot;
    private final String name;

    Local(int slot, String name) {
      super(1);
      this.slot = slot;
      this.name = name;
    }

    @Override
    @Nullable Object eval(LuaCall c, @Nullable Object[] f) {
      return f[slot];
    }

    @Override
    boolean isNumeric() {
      return true;
    }

    @Override
    boolean isSimple() {
      return true;
    }

    @Override
    String kind() {
      return "local";
    }

    @Override
    String name() {
      return name;
    }
  }

  static final class CapturedLocal extends Expr {
    final int slot;
    private final String name;

    CapturedLocal(int slot, String name) {
      super(1);
      this.slot = slot;
      this.name = name;
    }

    @Override
    @Nullable Object eval(LuaCall c, @Nullable Object[] f) {
      return ((Cell) f[slot]).value;
    }

    @Override
    boolean isNumeric() {
      return true;
    }

    @Override
    boolean isSimple() {
      return true;
    }

    @Override
    String kind() {
      return "local";
    }

    @Override
    String name() {
      return name;
    }
  }

  static final class Upvalue extends Expr {
    final int index;
    private final String name;

    Upvalue(int index, String name) {
      super(1);
      this.index = index;
      this.name = name;
    }

    @Override
    @Nullable Object eval(LuaCall c, @Nullable Object[] f) {
      return ((LuaClosure) f[0]).upvalues[index].value;
    }

    @Override
    boolean isNumeric() {
      return true;
    }

    @Override
    boolean isSimple() {
      return true;
    }

    @Override
    String kind() {
      return "upvalue";
    }

    @Override
    String name() {
      return name;
    }
  }

  static final class Global extends Expr {
    final LuaString key;
    private final Site site;

    Global(LuaString key, Site site) {
      super(4);
      this.key = key;
      this.site = site;
    }

    @Override
    @Nullable Object eval(LuaCall c, @Nullable Object[] f) {
      LuaTable environment = ((LuaClosure) f[0]).environment;
      Object value = environment.get(key);
      return value != null || environment.metatable == null
          ? value
          : Ops.index(c, environment, key, site, null);
    }

    @Override
    String kind() {
      return "global";
    }

    @Override
    String name() {
      return key.toString();
    }
  }

  /** {@code object.name}, and indexing with any constant string. */
  static final class Field extends Expr {
    final Expr object;
    final LuaString key;
    private final Site site;

    Field(Expr object, LuaString key, Site site) {
      super(object.height + 4);
      this.object = object;
      this.key = key;
      this.site = site;
    }

    @Override
    @Nullable Object eval(LuaCall c, @Nullable Object[] f) {
      Object o = object.eval(c, f);
      if (o instanceof LuaTable t) {
        Object value = t.get(key);
        if (value != null || t.metatable == null) {
          return value;
        }
      }
      return Ops.index(c, o, key, site, object);
    }

    @Override
    String kind() {
      return "field";
    }

    @Override
    String name() {
      return key.toString();
    }
  }

  static final class Index extends Expr {
    final Expr object;
    final Expr key;
    private final Site site;
    private final boolean simple;
    private final boolean numeric;

    Index(Expr object, Expr key, Site site) {
      super(height(object, key) + 4);
      this.object = object;
      this.key = key;
      this.site = site;
      this.simple = key.isSimple();
      this.numeric = key.isNumeric();
    }

    @Override
    @Nullable Object eval(LuaCall c, @Nullable Object[] f) {
      Object o = object.eval(c, f);
      if (numeric && o instanceof LuaTable t && t.metatable == null) {
        double number = key.number(c, f);
        if (isNumber(number)) {
          return t.get(number);
        }
      }
      Object k;
      if (simple) {
        k = key.eval(c, f);
      } else {
        c.hold(o);
        k = key.eval(c, f);
        c.release();
      }
      if (o instanceof LuaTable t) {
        Object value = k instanceof Double d ? t.get(d.doubleValue()) : t.get(k);
        if (value != null || t.metatable == null) {
          return value;
        }
      }
      return Ops.index(c, o, k, site, object);
    }

    @Override
    String kind() {
      return "field";
    }

    @Override
    String name() {
      return "?";
    }
  }

  static final class Varargs extends Expr {
    Varargs() {
      super(1);
    }

    @Override
    @Nullable Object eval(LuaCall c, @Nullable Object[] f) {
      return first(f[1]);
    }

    @Override
    @Nullable Object evalMulti(LuaCall c, @Nullable Object[] f) {
      return f[1];
    }

    @Override
    boolean isMulti() {
      return true;
    }

    @Override
    boolean isSimple() {
      return true;
    }
  }

  /** An expression in parentheses: exactly one value. */
  static final class Single extends Expr {
    private final Expr inner;

    Single(Expr inner) {
      super(inner.height + 1);
      this.inner = inner;
    }

    @Override
    @Nullable Object eval(LuaCall c, @Nullable Object[] f) {
      return inner.eval(c, f);
    }

    @Override
    boolean isNumeric() {
      return inner.isNumeric();
    }

    @Override
    double number(LuaCall c, @Nullable Object[] f) {
      return inner.number(c, f);
    }

    @Override
    boolean isSimple() {
      return inner.isSimple();
    }

    @Override
    @Nullable String kind() {
      return inner.kind();
    }

    @Override
    @Nullable String name() {
      return inner.name();
    }
  }
}

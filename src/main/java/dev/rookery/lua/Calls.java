package dev.rookery.lua;

import org.jspecify.annotations.Nullable;

/** Calls of functions and methods, and lists of expressions. */
final class Calls {
  private Calls() {}

  /** Evaluates a list whose last expression may give any number of values. */
  static @Nullable Object[] evalList(LuaCall c, @Nullable Object[] f, Expr[] list, boolean simple) {
    return evalList(c, f, list, simple, 0);
  }

  /** As above, with room for some values in front. */
  static @Nullable Object[] evalList(
      LuaCall c, @Nullable Object[] f, Expr[] list, boolean simple, int room) {
    int n = list.length;
    if (n == 0) {
      return room == 0 ? Expr.EMPTY : new Object[room];
    }
    Expr last = list[n - 1];
    if (!last.isMulti()) {
      @Nullable Object[] values = new Object[room + n];
      fill(c, f, list, simple, values, room, n);
      return values;
    }
    if (n == 1 && room == 0) {
      return Expr.list(last.evalMulti(c, f));
    }
    @Nullable Object[] values = new Object[room + n - 1];
    if (!simple) {
      c.hold(values);
    }
    for (int i = 0; i < n - 1; i++) {
      values[room + i] = list[i].eval(c, f);
    }
    Object rest = last.evalMulti(c, f);
    if (!simple) {
      c.release();
    }
    int count = rest instanceof Object[] several ? several.length : 1;
    @Nullable Object[] all = new Object[values.length + count];
    if (count > 16) {
      c.allocate(count * 8L);
      c.work(count >> 3);
    }
    System.arraycopy(values, 0, all, 0, values.length);
    if (rest instanceof Object[] several) {
      System.arraycopy(several, 0, all, values.length, count);
    } else {
      all[values.length] = rest;
    }
    return all;
  }

  private static void fill(
      LuaCall c,
      @Nullable Object[] f,
      Expr[] list,
      boolean simple,
      @Nullable Object[] into,
      int at,
      int n) {
    if (simple) {
      for (int i = 0; i < n; i++) {
        into[at + i] = list[i].eval(c, f);
      }
      return;
    }
    c.hold(into);
    for (int i = 0; i < n; i++) {
      into[at + i] = list[i].eval(c, f);
    }
    c.release();
  }

  static boolean allSimple(Expr[] list) {
    for (Expr e : list) {
      if (!e.isSimple()) {
        return false;
      }
    }
    return true;
  }

  static boolean isMulti(Expr[] list) {
    return list.length > 0 && list[list.length - 1].isMulti();
  }

  /** A function or method call. */
  abstract static class Invocation extends Expr {
    final Expr[] args;
    final boolean simple;
    final boolean fixed;
    final Site site;

    Invocation(Expr target, Expr[] args, Site site) {
      super(Math.max(target.height, height(args)) + 5);
      this.args = args;
      this.site = site;
      this.simple = allSimple(args);
      this.fixed = !Calls.isMulti(args);
    }

    @Override
    final boolean isMulti() {
      return true;
    }

    @Override
    final @Nullable Object eval(LuaCall c, @Nullable Object[] f) {
      return first(evalMulti(c, f));
    }

    /** Leaves the call to the trampoline of the running function, if it is one of Lua. */
    abstract @Nullable Object evalTail(LuaCall c, @Nullable Object[] f);

    static Object leaveTail(LuaCall c, LuaClosure closure, @Nullable Object[] args) {
      c.tailFunction = closure;
      c.tailArgs = args;
      return Stmt.TAIL;
    }

    /** A single nil is the result null, which a statement cannot return. */
    static Object result(@Nullable Object value) {
      return value == null ? Stmt.NIL : value;
    }
  }

  static final class FunctionCall extends Invocation {
    private final Expr target;

    FunctionCall(Expr target, Expr[] args, Site site) {
      super(target, args, site);
      this.target = target;
    }

    @Override
    @Nullable Object evalMulti(LuaCall c, @Nullable Object[] f) {
      Object function = target.eval(c, f);
      if (function instanceof LuaClosure closure && fixed) {
        Proto proto = closure.proto;
        if (!proto.variadic) {
          // The arguments go straight into the frame.
          @Nullable Object[] frame = new Object[proto.frameSize];
          frame[0] = closure;
          int n = Math.min(args.length, proto.parameters);
          fill(c, f, args, simple, frame, Proto.FIRST_LOCAL, n);
          for (int i = n; i < args.length; i++) {
            args[i].eval(c, f);
          }
          if (proto.capturedParameters.length > 0) {
            proto.capture(frame);
          }
          return c.enter(site, closure, frame);
        }
      }
      @Nullable Object[] values = evalList(c, f, args, simple);
      if (function instanceof LuaFunction) {
        return c.call(site, function, values);
      }
      return callValue(c, function, values);
    }

    private @Nullable Object callValue(
        LuaCall c, @Nullable Object function, @Nullable Object[] values) {
      if (Ops.metamethod(c, function, MetaNames.CALL) instanceof LuaFunction) {
        return c.call(site, function, values);
      }
      throw Ops.typeError(c, site, "call", function, target.description());
    }

    @Override
    @Nullable Object evalTail(LuaCall c, @Nullable Object[] f) {
      Object function = target.eval(c, f);
      @Nullable Object[] values = evalList(c, f, args, simple);
      if (function instanceof LuaClosure closure) {
        return leaveTail(c, closure, values);
      }
      return result(
          function instanceof LuaFunction java
              ? c.callJava(site, java, values)
              : callValue(c, function, values));
    }
  }

  static final class MethodCall extends Invocation {
    private final Expr object;
    private final LuaString name;
    private final Site indexSite;

    MethodCall(Expr object, LuaString name, Expr[] args, Site indexSite, Site site) {
      super(object, args, site);
      this.object = object;
      this.name = name;
      this.indexSite = indexSite;
    }

    private @Nullable Object lookUp(LuaCall c, @Nullable Object o) {
      if (o instanceof LuaTable t) {
        Object value = t.get(name);
        if (value != null) {
          return value;
        }
      }
      return Ops.index(c, o, name, indexSite, object);
    }

    private @Nullable Object[] values(LuaCall c, @Nullable Object[] f, @Nullable Object o) {
      if (!simple) {
        c.hold(o);
      }
      @Nullable Object[] values = evalList(c, f, args, simple, 1);
      if (!simple) {
        c.release();
      }
      values[0] = o;
      return values;
    }

    @Override
    @Nullable Object evalMulti(LuaCall c, @Nullable Object[] f) {
      Object o = object.eval(c, f);
      Object function = lookUp(c, o);
      @Nullable Object[] values = values(c, f, o);
      check(c, function);
      return c.call(site, function, values);
    }

    private void check(LuaCall c, @Nullable Object function) {
      if (!(function instanceof LuaFunction)
          && !(Ops.metamethod(c, function, MetaNames.CALL) instanceof LuaFunction)) {
        throw Ops.typeError(c, site, "call", function, "method '" + name + "'");
      }
    }

    @Override
    @Nullable Object evalTail(LuaCall c, @Nullable Object[] f) {
      Object o = object.eval(c, f);
      Object function = lookUp(c, o);
      @Nullable Object[] values = values(c, f, o);
      if (function instanceof LuaClosure closure) {
        return leaveTail(c, closure, values);
      }
      check(c, function);
      return result(c.call(site, function, values));
    }
  }
}

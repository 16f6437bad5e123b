package dev.rookery.lua;

import org.jspecify.annotations.Nullable;

/** The compiled body of a function, shared by all closures of it. */
final class Proto {
  static final int FIRST_LOCAL = 2;

  final int parameters;
  final boolean variadic;

  /** The slot of the old-style {@code arg} table, or 0. */
  final int argSlot;

  final int[] capturedParameters;
  final int frameSize;

  /** For each upvalue the slot of the enclosing function, or the complement of its upvalue. */
  final int[] upvalues;

  final Stmt body;
  final int height;

  Proto(
      int parameters,
      boolean variadic,
      int argSlot,
      int[] capturedParameters,
      int frameSize,
      int[] upvalues,
      Stmt body) {
    this.parameters = parameters;
    this.variadic = variadic;
    this.argSlot = argSlot;
    this.capturedParameters = capturedParameters;
    this.frameSize = frameSize;
    this.upvalues = upvalues;
    this.body = body;
    this.height = body.height + 4;
  }

  @Nullable Object[] frame(LuaCall c, LuaClosure closure, @Nullable Object[] args) {
    @Nullable Object[] f = new Object[frameSize];
    f[0] = closure;
    int given = args.length;
    System.arraycopy(args, 0, f, FIRST_LOCAL, Math.min(given, parameters));
    if (variadic) {
      if (given > parameters) {
        int count = given - parameters;
        if (count > 16) {
          c.allocate(count * 8L);
          c.work(count >> 3);
        }
        @Nullable Object[] rest = new Object[count];
        System.arraycopy(args, parameters, rest, 0, count);
        f[1] = rest;
      } else {
        f[1] = Expr.EMPTY;
      }
      if (argSlot != 0) {
        f[argSlot] = argTable(c, (Object[]) f[1]);
      }
    }
    capture(f);
    return f;
  }

  void capture(@Nullable Object[] f) {
    for (int slot : capturedParameters) {
      f[slot] = new Cell(f[slot]);
    }
  }

  private static LuaTable argTable(LuaCall c, @Nullable Object[] values) {
    LuaTable table = c.newTable(values.length, 1);
    for (int i = 0; i < values.length; i++) {
      table.set(i + 1, values[i]);
    }
    table.set("n", LuaNumber.of(values.length));
    return table;
  }
}

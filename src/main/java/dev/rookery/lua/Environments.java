package dev.rookery.lua;

import org.jspecify.annotations.Nullable;

/** {@code getfenv} and {@code setfenv}: the table in which a function finds its globals. */
final class Environments {
  private Environments() {}

  /** Returns the closure that the first argument names, or null for a Java function. */
  private static @Nullable LuaClosure target(LuaCall c, @Nullable Object[] args, boolean optional) {
    Object value = Args.get(args, 0);
    if (value instanceof LuaFunction) {
      return value instanceof LuaClosure closure ? closure : null;
    }
    int level = optional ? Args.int32(c, args, 0, 1) : Args.int32(c, args, 0);
    if (level < 0) {
      throw c.argumentError(1, "level must be non-negative");
    }
    int d = c.depth - level;
    if (d < 1) {
      throw c.argumentError(1, "invalid level");
    }
    @Nullable Object[] frame = c.frames[d];
    return frame == null ? null : (LuaClosure) frame[0];
  }

  static Object getEnvironment(LuaCall c, @Nullable Object[] args) {
    if (Args.get(args, 0) instanceof Double d && d == 0) {
      return c.globals;
    }
    LuaClosure closure = target(c, args, true);
    return closure == null ? c.globals : closure.environment;
  }

  static Object setEnvironment(LuaCall c, @Nullable Object[] args) {
    LuaTable environment = Args.table(c, args, 1);
    boolean thread = Args.get(args, 0) instanceof Double d && d == 0;
    LuaClosure closure = thread ? null : target(c, args, false);
    if (closure == null) {
      throw c.error("'setfenv' cannot change environment of given object");
    }
    closure.environment = environment;
    return closure;
  }
}

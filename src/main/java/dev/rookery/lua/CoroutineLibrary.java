package dev.rookery.lua;

import org.jspecify.annotations.Nullable;

/** The library {@code coroutine}. */
final class CoroutineLibrary {
  private CoroutineLibrary() {}

  static LuaTable create() {
    LuaTable t = new LuaTable();
    t.set("create", LuaFunction.of((c, a) -> createCoroutine(c, a)));
    t.set("resume", LuaFunction.of(CoroutineLibrary::resume));
    t.set("running", LuaFunction.of((c, _) -> c.coroutine));
    t.set("status", LuaFunction.of((c, a) -> LuaString.of(coroutine(c, a).status.text())));
    t.set("wrap", LuaFunction.of((c, a) -> new LuaCoroutine.Wrapper(createCoroutine(c, a))));
    t.set("yield", LuaFunction.of(CoroutineLibrary::yield));
    return t;
  }

  private static LuaCoroutine createCoroutine(LuaCall c, @Nullable Object[] args) {
    if (!(Args.get(args, 0) instanceof LuaClosure function)) {
      throw c.argumentError(1, "Lua function expected");
    }
    c.allocate(1024);
    return new LuaCoroutine(function);
  }

  private static LuaCoroutine coroutine(LuaCall c, @Nullable Object[] args) {
    if (Args.get(args, 0) instanceof LuaCoroutine coroutine) {
      return coroutine;
    }
    throw c.argumentError(1, "coroutine expected");
  }

  private static Object resume(LuaCall c, @Nullable Object[] args) {
    LuaCoroutine coroutine = coroutine(c, args);
    if (coroutine.status != LuaCoroutine.Status.SUSPENDED) {
      return new Object[] {
        false, LuaString.of("cannot resume " + coroutine.status.text() + " coroutine")
      };
    }
    try {
      return BaseLibrary.prepend(true, coroutine.resume(c, BaseLibrary.rest(args, 1)));
    } catch (LuaError e) {
      @Nullable Object[] failed = {false, e.value()};
      return failed;
    }
  }

  private static Object yield(LuaCall c, @Nullable Object[] args) {
    if (c.coroutine == null) {
      throw new LuaError("attempt to yield across metamethod/C-call boundary");
    }
    return c.coroutine.yield(c, args);
  }
}

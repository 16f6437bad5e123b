package dev.rookery.lua;

import org.jspecify.annotations.Nullable;

/** A function that scripts can call: compiled Lua, or Java. */
public abstract class LuaFunction {
  /**
   * Runs the function. It may run on another thread than the caller's, which then waits.
   *
   * @param args the arguments, nil as {@code null}; the function does not change the array
   * @return one value as it is, or an {@code Object[]} of several or none
   * @throws LuaError if the script may catch what went wrong
   * @throws LuaLimitExceeded if the call reached a limit
   */
  public abstract @Nullable Object call(LuaCall call, @Nullable Object[] args);

  /** The body of a Java function. */
  @FunctionalInterface
  public interface Body {
    /** See {@link LuaFunction#call}. */
    @Nullable Object call(LuaCall call, @Nullable Object[] args);
  }

  /** Returns a function of the body. */
  public static LuaFunction of(Body body) {
    return new LuaFunction() {
      @Override
      public @Nullable Object call(LuaCall call, @Nullable Object[] args) {
        return body.call(call, args);
      }
    };
  }
}

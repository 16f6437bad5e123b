package dev.rookery.lua;

/**
 * Ends a call that reached a limit or was cancelled. It is no {@link LuaError}, so that neither
 * {@code pcall} nor a coroutine catches it; Java functions must let it pass.
 */
public final class LuaLimitExceeded extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** What a call ran out of. */
  public enum Limit {
    /** The deadline passed. */
    TIME,
    /** The instructions are used up. */
    INSTRUCTIONS,
    /** Reachable values need more memory than allowed. */
    MEMORY,
    /** {@link LuaCall#cancel()} was called, or the call ended while a coroutine was suspended. */
    CANCELLED
  }

  private final Limit limit;

  LuaLimitExceeded(Limit limit, String message) {
    super(message, null, false, false);
    this.limit = limit;
  }

  /** Returns what the call ran out of. */
  public Limit limit() {
    return limit;
  }
}

package dev.rookery.lua;

/**
 * What one call may use.
 *
 * @param timeNanos nanoseconds from the creation of the call, or 0 for no bound
 * @param instructions loops, calls and comparable pieces of work, or 0 for no bound
 * @param memoryBytes bytes of reachable values, estimated upwards; a call is stopped at the latest
 *     when it passes this by a quarter, and no single value passes it at all
 */
public record LuaLimits(long timeNanos, long instructions, long memoryBytes) {
  /** Five seconds and 64 MiB. */
  public static final LuaLimits DEFAULT = new LuaLimits(5_000_000_000L, 0, 64L << 20);

  /** Checks that the bounds make sense. */
  public LuaLimits {
    if (timeNanos < 0 || instructions < 0 || memoryBytes < 1 << 16) {
      throw new IllegalArgumentException(
          "limits of a script must not be negative, and at least 65536 bytes of memory: "
              + timeNanos
              + " ns, "
              + instructions
              + " instructions, "
              + memoryBytes
              + " bytes");
    }
  }
}

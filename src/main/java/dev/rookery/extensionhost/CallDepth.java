package dev.rookery.extensionhost;

import java.util.function.Supplier;

/**
 * How many calls of extensions wait for each other on this thread: a function that changes
 * something, the hook that decides about the change, and so on. It goes with the work from thread
 * to thread, so that hooks which cause each other end.
 */
public final class CallDepth {
  private static final ScopedValue<Integer> DEPTH = ScopedValue.newInstance();

  private CallDepth() {}

  /** Zero outside of extensions. */
  public static int current() {
    return DEPTH.isBound() ? DEPTH.get() : 0;
  }

  /** Does the work at this depth. */
  public static <T> T at(int depth, Supplier<T> work) {
    return depth == current() ? work.get() : ScopedValue.where(DEPTH, depth).call(work::get);
  }

  /** A task that runs at the depth of the thread that creates it, whatever thread runs it. */
  static Runnable keeping(Runnable task) {
    int depth = current();
    return depth == 0 ? task : () -> ScopedValue.where(DEPTH, depth).run(task);
  }
}

package dev.rookery.lua;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Goes on with a recursion on a thread with a larger stack, while the caller waits. */
final class DeepThread {
  private DeepThread() {}

  static @Nullable Object run(long stackBytes, Supplier<@Nullable Object> body) {
    @Nullable Object[] result = new Object[1];
    @Nullable Throwable[] failure = new Throwable[1];
    Thread thread =
        new Thread(
            null,
            () -> {
              try {
                result[0] = body.get();
              } catch (RuntimeException | Error e) {
                failure[0] = e;
              }
            },
            "lua-deep-recursion",
            stackBytes);
    thread.setDaemon(true);
    thread.start();
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        // The limits end the script; its thread must not outlive the call.
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    switch (failure[0]) {
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case null, default -> {
        return result[0];
      }
    }
  }
}

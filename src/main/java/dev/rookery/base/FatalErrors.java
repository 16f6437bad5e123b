package dev.rookery.base;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Ends the process after an error that leaves it in an unknown state.
 *
 * <p>After an {@code OutOfMemoryError} any thread may have stopped halfway: the process would stay,
 * hold its port and serve nobody. It is better to end, so that a supervisor starts it again; what
 * was acknowledged is on the disk. All code that catches {@code Throwable} or {@code Error} passes
 * it to {@link #endIfFatal} first.
 *
 * <p>Does nothing until {@link #arm} was called, so that a program that embeds a node decides for
 * itself.
 */
public final class FatalErrors {
  /** The exit status, the same as that of the JVM's own {@code -XX:+ExitOnOutOfMemoryError}. */
  public static final int STATUS = 3;

  // Nothing can be allocated when it is written.
  private static final byte[] LINE =
      "rookery ends with status 3 after a fatal error: out of memory, or the JVM is damaged\n"
          .getBytes(StandardCharsets.US_ASCII);
  private static final long WRITE_NANOS_MAX = 2_000_000_000L;
  private static final int CAUSES_MAX = 16;
  private static final FileOutputStream STDERR = new FileOutputStream(FileDescriptor.err);
  private static final AtomicBoolean ENDING = new AtomicBoolean();
  private static volatile @Nullable Thread halter;

  private FatalErrors() {}

  /** From now on fatal errors end the process. */
  public static synchronized void arm() {
    if (halter == null) {
      // Started now, because no thread can be started when memory is gone.
      halter = Thread.ofPlatform().name("rookery-halt").daemon().start(FatalErrors::awaitEnd);
    }
  }

  /** Whether the error, or one of its causes, leaves the process in an unknown state. */
  public static boolean isFatal(@Nullable Throwable error) {
    Throwable cause = error;
    for (int depth = 0; cause != null && depth < CAUSES_MAX; depth++) {
      if (cause instanceof VirtualMachineError && !(cause instanceof StackOverflowError)) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  /** Ends the process at once if the error is fatal. */
  public static void endIfFatal(@Nullable Throwable error) {
    if (isFatal(error) && begin()) {
      write(LINE);
      describe(error);
      ProcessExit.atOnce(STATUS);
    }
  }

  /**
   * Ends the process at once, because a part of it stopped without which it cannot serve.
   *
   * @param reason continues "rookery ends with status 3: "
   */
  public static void end(String reason, @Nullable Throwable cause) {
    if (begin()) {
      write(
          ("rookery ends with status " + STATUS + ": " + reason + "\n")
              .getBytes(StandardCharsets.UTF_8));
      describe(cause);
      ProcessExit.atOnce(STATUS);
    }
  }

  private static boolean begin() {
    Thread armed = halter;
    if (armed == null || !ENDING.compareAndSet(false, true)) {
      return false;
    }
    LockSupport.unpark(armed);
    return true;
  }

  /** Ends the process even if the thread that writes the reason blocks or fails. */
  private static void awaitEnd() {
    while (!ENDING.get()) {
      LockSupport.park();
    }
    LockSupport.parkNanos(WRITE_NANOS_MAX);
    ProcessExit.atOnce(STATUS);
  }

  private static void write(byte[] line) {
    try {
      STDERR.write(line);
    } catch (IOException _) {
      // Nobody reads it.
    }
  }

  private static void describe(@Nullable Throwable cause) {
    if (cause != null) {
      try {
        cause.printStackTrace(new PrintStream(STDERR, true, StandardCharsets.UTF_8));
      } catch (Throwable _) {
        // The line before has said what matters.
      }
    }
  }
}

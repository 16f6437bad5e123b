package dev.rookery.auth;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Long work gives way to short work. Java has priorities of threads, but on Linux they mean nothing
 * without a flag; the system's own mean that whoever wakes up need not wait for the end of a slice
 * of somebody who computes. Elsewhere all are equal.
 */
final class ThreadPriority {
  private static final Logger LOG = LoggerFactory.getLogger(ThreadPriority.class);

  // A tenth of what others get while the processor is wanted by both, all of it otherwise.
  private static final int NICE = 10;
  private static final int PRIO_PROCESS = 0;
  private static final int CALLING_THREAD = 0;

  private static final @Nullable MethodHandle SET_PRIORITY = findSetPriority();

  private ThreadPriority() {}

  // One function of the C library, with three numbers: nothing that could corrupt anything.
  @SuppressWarnings("restricted")
  private static @Nullable MethodHandle findSetPriority() {
    // Elsewhere the same call is about the whole process.
    if (!System.getProperty("os.name", "").equals("Linux")) {
      return null;
    }
    Linker linker = Linker.nativeLinker();
    var integer = ValueLayout.JAVA_INT;
    return linker
        .defaultLookup()
        .find("setpriority")
        .map(
            address ->
                linker.downcallHandle(
                    address, FunctionDescriptor.of(integer, integer, integer, integer)))
        .orElse(null);
  }

  /** Of the calling thread, a platform thread that does nothing else, from now on. */
  static boolean lower() {
    if (SET_PRIORITY == null) {
      return false;
    }
    try {
      return (int) SET_PRIORITY.invokeExact(PRIO_PROCESS, CALLING_THREAD, NICE) == 0;
    } catch (Throwable failed) {
      LOG.debug("hashing does not give way: {}", failed.toString());
      return false;
    }
  }
}

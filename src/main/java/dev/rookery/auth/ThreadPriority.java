package dev.rookery.auth;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lowers the operating-system priority of threads that compute for long. Java thread priorities
 * have no effect on Linux without a JVM flag; the nice value lets a short task that wakes up
 * preempt a hashing thread at once. On other systems nothing changes.
 */
final class ThreadPriority {
  private static final Logger LOG = LoggerFactory.getLogger(ThreadPriority.class);

  // About a tenth of the processor time of a normal thread under contention, all of it otherwise.
  private static final int NICE = 10;
  private static final int PRIO_PROCESS = 0;
  private static final int CALLING_THREAD = 0;

  private static final @Nullable MethodHandle SET_PRIORITY = findSetPriority();

  private ThreadPriority() {}

  // The C function takes and returns integers only, so the call cannot corrupt memory.
  @SuppressWarnings("restricted")
  private static @Nullable MethodHandle findSetPriority() {
    // On other systems the same call changes the whole process.
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

  /**
   * Lowers the priority of the calling platform thread for the rest of its life. Returns false
   * where that is not possible.
   */
  static boolean lower() {
    if (SET_PRIORITY == null) {
      return false;
    }
    try {
      return (int) SET_PRIORITY.invokeExact(PRIO_PROCESS, CALLING_THREAD, NICE) == 0;
    } catch (Throwable failed) {
      LOG.debug("cannot lower the priority of a hashing thread: {}", failed.toString());
      return false;
    }
  }
}

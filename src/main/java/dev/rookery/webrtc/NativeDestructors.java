package dev.rookery.webrtc;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the process end without the destructors of the native library. The library (0.14.0) has
 * static objects that call the JVM when they are destroyed, which is when the process exits and the
 * JVM is gone. Each then writes to the standard output, and its threads may still run.
 *
 * <p>Everything else has ended by then: the JVM runs its shutdown hooks before.
 */
final class NativeDestructors {
  private static final Logger LOG = LoggerFactory.getLogger(NativeDestructors.class);

  private static final AtomicBoolean SKIPPED = new AtomicBoolean();

  private NativeDestructors() {}

  /**
   * Registers a last step of the exit of the process, with the same status. Of all such steps the
   * one registered last is first, so this must come after the library has made its objects. Does
   * nothing when called again, and where the C library is not glibc.
   */
  // The C library calls a function of its own, which takes the arguments that it is given.
  @SuppressWarnings("restricted")
  static void skipAtExit() {
    if (!SKIPPED.compareAndSet(false, true)) {
      return;
    }
    Linker linker = Linker.nativeLinker();
    var symbols = linker.defaultLookup();
    var register = symbols.find("on_exit");
    var exit = symbols.find("_exit");
    if (register.isEmpty() || exit.isEmpty()) {
      return;
    }
    var onExit =
        linker.downcallHandle(
            register.get(),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
    try {
      var failed = (int) onExit.invokeExact(exit.get(), MemorySegment.NULL);
      if (failed != 0) {
        LOG.debug("the destructors of the native library will run");
      }
    } catch (Throwable failure) {
      throw new IllegalStateException("cannot call on_exit", failure);
    }
  }
}

package dev.rookery.base;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;

/**
 * Ends the process at once, whatever the JVM records.
 *
 * <p>A JVM that records an AOT cache writes it before it ends, also when it is halted. That takes
 * seconds, on a busy machine minutes, and all other threads go on meanwhile: a node whose state is
 * unknown would serve. So the process ends itself there, by the C function {@code _exit}.
 */
public final class ProcessExit {
  private static final String RECORDS = "-XX:AOTCacheOutput=";

  private static volatile @Nullable MethodHandle exit;

  private ProcessExit() {}

  /** Looks up what is needed to end a process that records; once, at its start. */
  public static void prepare() {
    if (ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .anyMatch(flag -> flag.startsWith(RECORDS))) {
      exit = lookUp();
    }
  }

  @SuppressWarnings("restricted")
  private static @Nullable MethodHandle lookUp() {
    Linker linker = Linker.nativeLinker();
    return linker
        .defaultLookup()
        .find("_exit")
        .map(
            function ->
                linker.downcallHandle(function, FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT)))
        .orElse(null);
  }

  /** Ends the process without shutdown hooks. Does not return. */
  public static void atOnce(int status) {
    MethodHandle direct = exit;
    if (direct != null) {
      try {
        direct.invokeExact(status);
      } catch (Throwable _) {
        // The JVM ends it below, later.
      }
    }
    Runtime.getRuntime().halt(status);
  }

  /**
   * Ends a process that could not start, as {@link System#exit} does. No AOT cache is recorded: it
   * would have little of what a node needs, and be used from then on.
   */
  public static void withoutCache(int status) {
    if (exit != null) {
      atOnce(status);
    }
    System.exit(status);
  }
}

package dev.rookery.node;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes the JVM itself end the process on its first {@code OutOfMemoryError}, however it was
 * started.
 *
 * <p>Only a flag of the JVM catches those errors that a library swallows, and a jar cannot carry
 * flags. So where the command line has none, the process replaces itself with the same command and
 * the flag: the process id, its files and its parent stay. It happens before anything was done, and
 * on Linux only; elsewhere the handlers of {@link FatalErrorHandlers} have to do. The same command
 * gets the flags of {@link AotCacheFlags}.
 */
public final class OutOfMemoryExit {
  private static final String FLAG = "-XX:+ExitOnOutOfMemoryError";

  /** Words that show that somebody decided otherwise, or that a debugger would lose the process. */
  private static final List<String> DECIDED =
      List.of("OnOutOfMemoryError", "-agentlib:jdwp", "-Xrunjdwp");

  /** Variables from which the JVM takes flags. */
  static final List<String> VARIABLES =
      List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

  private OutOfMemoryExit() {}

  /** Returns if the flag is set, or cannot be set; otherwise the program begins again. */
  public static void ensure() {
    if (!System.getProperty("os.name", "").equals("Linux")) {
      return;
    }
    try {
      Path java = Files.readSymbolicLink(Path.of("/proc/self/exe"));
      // Each word ends with a NUL; bytes stay what they are, whatever their encoding.
      String words = Files.readString(Path.of("/proc/self/cmdline"), StandardCharsets.ISO_8859_1);
      List<String> command = List.of(words.replaceFirst("\0$", "").split("\0", -1));
      List<String> flagged = withFlag(java, command, System.getenv());
      if (flagged != null) {
        flagged.addAll(1, AotCacheFlags.choose(command, System.getenv()));
        replaceProcess(java.toString(), flagged);
      }
    } catch (IOException | RuntimeException _) {
      // Without /proc, or where a policy forbids it, the process goes on as it was started.
    }
  }

  /**
   * The command with the flag; null if it must stay as it is.
   *
   * @param java the program that runs
   */
  static @Nullable List<String> withFlag(
      Path java, List<String> command, Map<String, String> environment) {
    if (!String.valueOf(java.getFileName()).equals("java") || command.isEmpty()) {
      return null;
    }
    var words = new ArrayList<>(command);
    VARIABLES.forEach(name -> words.add(environment.getOrDefault(name, "")));
    if (words.stream().anyMatch(word -> DECIDED.stream().anyMatch(word::contains))) {
      return null;
    }
    var flagged = new ArrayList<>(command);
    flagged.add(1, FLAG);
    return flagged;
  }

  /** Returns only if it fails. The words are bytes, each kept as the character of its number. */
  // The C function gets a string and an array of strings that ends with null, as it expects.
  @SuppressWarnings("restricted")
  private static void replaceProcess(String java, List<String> command) {
    Linker linker = Linker.nativeLinker();
    var address = linker.defaultLookup().find("execv");
    if (address.isEmpty()) {
      return;
    }
    MethodHandle execv =
        linker.downcallHandle(
            address.get(),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment words = arena.allocate(ValueLayout.ADDRESS, command.size() + 1L);
      for (int i = 0; i < command.size(); i++) {
        words.setAtIndex(
            ValueLayout.ADDRESS,
            i,
            arena.allocateFrom(command.get(i), StandardCharsets.ISO_8859_1));
      }
      words.setAtIndex(ValueLayout.ADDRESS, command.size(), MemorySegment.NULL);
      var unused = (int) execv.invokeExact(arena.allocateFrom(java), words);
    } catch (Throwable failure) {
      throw new IllegalStateException("cannot call execv", failure);
    }
  }
}

package dev.rookery.node;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * Gives the JVM flags that a node needs and a jar cannot carry, however it was started: the process
 * replaces itself with the same command and the flags. Its id, its files and its parent stay.
 *
 * <ul>
 *   <li>The JVM ends the process on its first {@code OutOfMemoryError}. Only a flag catches those
 *       errors that a library swallows.
 *   <li>The second compiler puts less code into each method: see {@link #INLINING}.
 *   <li>The AOT cache of the jar: see {@link AotCacheFlags}.
 * </ul>
 *
 * <p>It happens before anything was done, and on Linux only. Elsewhere the handlers of {@link
 * FatalErrorHandlers} end a process without memory.
 */
public final class JvmFlags {
  private static final String EXIT = "-XX:+ExitOnOutOfMemoryError";

  /**
   * How large methods may be that the second compiler copies into others, in bytes: of compiled
   * code, and of bytecode. It works a third as long with these limits, and the code that it makes
   * is as fast. That is most of the first minute of a node, above all of matches in JavaScript,
   * because each step of an interpreter calls many others.
   */
  static final List<String> INLINING = List.of("-XX:InlineSmallCode=500", "-XX:FreqInlineSize=100");

  /** Words that show that somebody decided otherwise about the exit. */
  private static final List<String> EXIT_DECIDED = List.of("OnOutOfMemoryError");

  /** The same for the compiler; the last one is a JVM without the second compiler. */
  private static final List<String> INLINING_DECIDED =
      List.of("InlineSmallCode", "FreqInlineSize", "TieredStopAtLevel");

  /** With these the debugger would lose the process. */
  private static final List<String> DEBUGGER = List.of("-agentlib:jdwp", "-Xrunjdwp");

  /** Variables from which the JVM takes flags. */
  static final List<String> VARIABLES =
      List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

  private JvmFlags() {}

  /** The encoding of paths and of the words of commands. */
  private static final Charset PLATFORM =
      Charset.forName(
          System.getProperty("sun.jnu.encoding", Charset.defaultCharset().name()),
          Charset.defaultCharset());

  /**
   * Returns if there is nothing to add, or it cannot be added; otherwise the program begins again.
   */
  public static void ensure() {
    beginAgain(
        (java, command) -> {
          List<String> missing = missing(java, command, System.getenv());
          if (missing.isEmpty()) {
            return command;
          }
          var flagged = new ArrayList<>(command);
          flagged.addAll(1, missing);
          if (missing.contains(EXIT)) {
            flagged.addAll(1, AotCacheFlags.choose(command, System.getenv()));
          }
          return flagged;
        });
  }

  /**
   * Replaces the process with another command; returns if that is the same, or it cannot.
   *
   * @param change gets the program that runs, and its words, each character of which is a byte: see
   *     {@link #text} and {@link #word}
   */
  static void beginAgain(BiFunction<Path, List<String>, List<String>> change) {
    if (!System.getProperty("os.name", "").equals("Linux")) {
      return;
    }
    try {
      Path java = Files.readSymbolicLink(Path.of("/proc/self/exe"));
      // Each word ends with a NUL; bytes stay what they are, whatever their encoding.
      String words = Files.readString(Path.of("/proc/self/cmdline"), StandardCharsets.ISO_8859_1);
      List<String> command = List.of(words.replaceFirst("\0$", "").split("\0", -1));
      List<String> changed = change.apply(java, command);
      if (!changed.equals(command)) {
        replaceProcess(java.toString(), changed);
      }
    } catch (IOException | RuntimeException _) {
      // Without /proc, or where a policy forbids it, the process goes on as it was started.
    }
  }

  /**
   * The flags that a command lacks, but for those of the AOT cache; none if it must stay as it is.
   *
   * @param java the program that runs
   */
  static List<String> missing(Path java, List<String> command, Map<String, String> environment) {
    var words = new ArrayList<>(command);
    VARIABLES.forEach(name -> words.add(environment.getOrDefault(name, "")));
    if (!canBeReplaced(java, command, words)) {
      return List.of();
    }
    var missing = new ArrayList<String>();
    if (!hasAny(words, EXIT_DECIDED)) {
      missing.add(EXIT);
    }
    // Another JVM would not start with them.
    if (!hasAny(words, INLINING_DECIDED) && isHotSpot()) {
      missing.addAll(INLINING);
    }
    return missing;
  }

  /** Whether the command starts a JVM and no debugger would lose it. */
  static boolean canBeReplaced(Path java, List<String> command, List<String> words) {
    return String.valueOf(java.getFileName()).equals("java")
        && !command.isEmpty()
        && !hasAny(words, DEBUGGER);
  }

  /** Whether this is HotSpot with its second compiler. */
  static boolean isHotSpot() {
    return System.getProperty("java.vm.name", "").endsWith("Server VM");
  }

  static boolean hasAny(List<String> words, List<String> parts) {
    return words.stream().anyMatch(word -> parts.stream().anyMatch(word::contains));
  }

  /** The text of a word of a command, each character of which is a byte of it. */
  static String text(String word) {
    return new String(word.getBytes(StandardCharsets.ISO_8859_1), PLATFORM);
  }

  /** The word of a command for a text, in the encoding of paths. */
  static String word(String text) {
    return new String(text.getBytes(PLATFORM), StandardCharsets.ISO_8859_1);
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
      var unused = (int) execv.invokeExact(arena.allocateFrom(java, PLATFORM), words);
    } catch (Throwable failure) {
      throw new IllegalStateException("cannot call execv", failure);
    }
  }
}

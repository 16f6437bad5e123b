package dev.rookery.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongPredicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The flags with which a process that was started by {@code java -jar} uses the AOT cache of its
 * jar: the classes and profiles that an earlier process of the same jar has stored, so that it is
 * ready and fast sooner.
 *
 * <p>The cache lies beside the jar. If there is none, the process records one, which the JVM writes
 * when it ends. Its name contains what it depends on: the jar, the JVM and its flags. So a change
 * of any of them makes a new one, and the old one is removed. A JVM that records has a file from
 * its start on, whose name ends with the number of the process: only one process of a jar records
 * at a time.
 *
 * <p>Nothing is done where the folder cannot be written, or where a flag of the command decides. In
 * development nothing is recorded, because writing delays the end of the process by some seconds,
 * and each build is another jar.
 */
final class AotCacheFlags {
  private static final int JAVA_MIN = 25;
  private static final String ENDING = ".aot";
  private static final String UNFINISHED = ".config";
  private static final String USE = "-XX:AOTCache=";
  private static final String QUIET = "-Xlog:aot=error,cds=error";
  private static final String RECORD = "-XX:AOTCacheOutput=";

  /**
   * Words of flags that decide about the cache, with which the JVM writes none or does not start if
   * it should, or which it ignores while it records.
   */
  private static final List<String> DECIDED =
      List.of(
          "AOT",
          "SharedArchive",
          "ArchiveClasses",
          "-Xshare",
          "-javaagent",
          "-agent",
          "-Xrun",
          "--limit-modules",
          "--patch-module",
          "--upgrade-module-path",
          "FlightRecord",
          "VMOptionsFile",
          "-XX:Flags=");

  /** A file with further flags, which nobody looks into. */
  private static final Pattern FILE_OF_FLAGS = Pattern.compile("(^|\\s)@");

  private final Path jar;
  private final String key;
  private final LongPredicate isAlive;
  private final boolean records;

  private AotCacheFlags(Path jar, String key, LongPredicate isAlive, boolean records) {
    this.jar = jar;
    this.key = key;
    this.isAlive = isAlive;
    this.records = records;
  }

  /**
   * Chooses the flags for a command of this JVM; none where nothing can or should be done.
   *
   * @param command the program and its arguments
   * @param environment where the JVM finds further flags
   */
  static List<String> choose(List<String> command, Map<String, String> environment) {
    int before = command.indexOf("-jar");
    if (Runtime.version().feature() < JAVA_MIN || before < 0 || before + 1 == command.size()) {
      return List.of();
    }
    Path jar;
    try {
      jar = Path.of(JvmFlags.text(command.get(before + 1))).toAbsolutePath();
    } catch (InvalidPathException _) {
      // The locale has not all letters of the path.
      return List.of();
    }
    var words = new ArrayList<>(command.subList(1, before));
    JvmFlags.VARIABLES.forEach(name -> words.add(environment.getOrDefault(name, "")));
    if (words.stream().anyMatch(AotCacheFlags::decides)) {
      return List.of();
    }
    try {
      var flags =
          new AotCacheFlags(
              jar, key(jar, words), AotCacheFlags::isNode, !isDevelopment(environment));
      return flags.choose(ProcessHandle.current().pid()).stream().map(JvmFlags::word).toList();
    } catch (IOException _) {
      return List.of();
    }
  }

  /**
   * Whether a process may be a node; after a restart of the machine its number may be another's.
   */
  private static boolean isNode(long pid) {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .flatMap(process -> process.info().command())
        .filter(command -> command.endsWith("java"))
        .isPresent();
  }

  /** The flags for a jar, with what is alive decided by the caller. */
  static List<String> choose(Path jar, List<String> words, long pid, LongPredicate isAlive)
      throws IOException {
    return new AotCacheFlags(jar, key(jar, words), isAlive, true).choose(pid);
  }

  private static boolean decides(String word) {
    return FILE_OF_FLAGS.matcher(word).find() || DECIDED.stream().anyMatch(word::contains);
  }

  private static boolean isDevelopment(Map<String, String> environment) {
    return environment.getOrDefault("ROOKERY_ENV", "").equals("development");
  }

  /** Without the path of the jar: the JVM takes the cache also if both were moved. */
  private static String key(Path jar, List<String> words) throws IOException {
    int hash =
        Objects.hash(
            Files.size(jar),
            Files.getLastModifiedTime(jar).toMillis(),
            System.getProperty("java.vm.version"),
            System.getProperty("java.vm.vendor"),
            words);
    return Integer.toHexString(hash);
  }

  private List<String> choose(long pid) throws IOException {
    Path folder = Objects.requireNonNull(jar.getParent());
    Path cache = folder.resolve(prefix() + key + ENDING);
    boolean writable = Files.isWritable(folder);
    boolean recording = writable && tidy(folder, cache, pid);
    if (Files.exists(cache)) {
      return List.of(USE + cache);
    }
    if (recording || !records || !writable) {
      return List.of();
    }
    return List.of(RECORD + cache + "." + pid, QUIET);
  }

  /**
   * Gives what an earlier process has recorded the name of the cache, and removes all that is of no
   * use; returns whether another process records.
   */
  private boolean tidy(Path folder, Path cache, long pid) throws IOException {
    boolean recording = false;
    List<Path> files = files(folder);
    for (Path file : files) {
      OptionalLong writer = writer(file);
      // In a container each process has the same number; this one has written nothing yet.
      if (writer.isPresent() && writer.getAsLong() != pid && isAlive.test(writer.getAsLong())) {
        recording = true;
      } else if (writer.isPresent()
          && isOf(file, cache)
          && isComplete(file, files)
          && !Files.exists(cache)) {
        Files.move(file, cache);
      } else if (!file.equals(cache)) {
        Files.deleteIfExists(file);
      }
    }
    return recording;
  }

  private String prefix() {
    String name = String.valueOf(jar.getFileName());
    int dot = name.lastIndexOf('.');
    return (dot < 0 ? name : name.substring(0, dot)) + "-";
  }

  /** The caches of this jar, also of its earlier versions, and those that are being written. */
  private List<Path> files(Path folder) throws IOException {
    String mine = Pattern.quote(prefix()) + "[0-9a-f]{1,8}\\.aot(\\.\\d+(\\.config)?)?";
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(file -> String.valueOf(file.getFileName()).matches(mine)).toList();
    }
  }

  private static boolean isOf(Path file, Path cache) {
    return String.valueOf(file.getFileName()).startsWith(cache.getFileName() + ".");
  }

  /**
   * Whether a file is a whole cache. The JVM makes it from another file, which it removes
   * afterwards; that is still there if it was killed meanwhile, or the disk was full.
   */
  private static boolean isComplete(Path file, List<Path> files) {
    return !String.valueOf(file.getFileName()).endsWith(UNFINISHED)
        && !files.contains(Path.of(file + UNFINISHED));
  }

  private static OptionalLong writer(Path file) {
    String name = String.valueOf(file.getFileName()).replace(UNFINISHED, "");
    return Optional.of(name.substring(name.lastIndexOf('.') + 1))
        .filter(ending -> !ending.equals("aot"))
        .map(ending -> OptionalLong.of(Long.parseLong(ending)))
        .orElse(OptionalLong.empty());
  }
}

package dev.rookery.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AotCacheFlagsTest {
  private static final String USE = "-XX:AOTCache=";
  private static final String RECORD = "-XX:AOTCacheOutput=";
  private static final List<String> WORDS = List.of("-Xmx1g");

  @TempDir private Path folder;
  private Path jar;
  private final Set<Long> alive = new TreeSet<>(Set.of(1L));

  @BeforeEach
  void writeJar() throws IOException {
    jar = Files.writeString(folder.resolve("rookery.jar"), "a jar");
  }

  private String choose(long pid, List<String> words) throws IOException {
    return String.join(" ", AotCacheFlags.choose(jar, words, pid, alive::contains));
  }

  /** What the JVM does when a process that records ends in order. */
  private Path record(long pid) throws IOException {
    String flag = choose(pid, WORDS);
    assertThat(flag).startsWith(RECORD + folder).contains(".aot." + pid + " ");
    return Files.writeString(recorded(flag), "a cache");
  }

  private static Path recorded(String flag) {
    return Path.of(flag.substring(RECORD.length(), flag.indexOf(' ')));
  }

  private Set<String> caches() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.contains(".aot"))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  @Test
  void recordsOnceAndThenUsesIt() throws IOException {
    record(10);
    String flag = choose(11, WORDS);
    assertThat(flag).startsWith(USE + folder).endsWith(".aot");
    assertThat(Path.of(flag.substring(USE.length()))).hasContent("a cache");
    assertThat(choose(12, WORDS)).isEqualTo(flag);
    assertThat(caches()).hasSize(1);
  }

  /** The words of a command are bytes; the file that it names may have any letters. */
  @Test
  void findsTheJarInAFolderOfAnyLetters() throws IOException {
    assumeTrue("UTF-8".equals(System.getProperty("sun.jnu.encoding")), "a locale with all letters");
    Path other = Files.createDirectory(folder.resolve("données-данные"));
    String jarThere = Files.copy(jar, other.resolve("rookery.jar")).toString();
    List<String> flags =
        AotCacheFlags.choose(List.of("java", "-jar", JvmFlags.word(jarThere)), Map.of());
    assertThat(flags).isNotEmpty();
    assertThat(JvmFlags.text(flags.getFirst())).startsWith(RECORD + other);
  }

  @Test
  void doesNotUseWhatIsBeingWritten() throws IOException {
    record(10);
    alive.add(10L);
    assertThat(choose(11, WORDS)).isEmpty();
    alive.remove(10L);
    assertThat(choose(11, WORDS)).startsWith(USE);
  }

  @Test
  void recordsAnewForAnotherJarAndRemovesTheOldOne() throws IOException {
    record(10);
    String before = choose(11, WORDS);
    Files.writeString(jar, "a later jar");
    String after = choose(12, WORDS);
    assertThat(after).startsWith(RECORD).doesNotContain(before.substring(USE.length()));
    assertThat(caches()).isEmpty();
  }

  @Test
  void removesWhatAKilledProcessLeft() throws IOException {
    String flag = choose(10, WORDS);
    Files.writeString(Path.of(recorded(flag) + ".config"), "unfinished");
    alive.add(10L);
    assertThat(choose(11, WORDS)).isEmpty();
    alive.remove(10L);
    assertThat(choose(12, WORDS)).startsWith(RECORD);
    assertThat(caches()).isEmpty();
  }

  @Test
  void removesACacheWhoseWritingWasCutShort() throws IOException {
    Path cache = record(10);
    Files.writeString(Path.of(cache + ".config"), "what it is made from");
    assertThat(choose(11, WORDS)).startsWith(RECORD);
    assertThat(caches()).isEmpty();
  }

  @Test
  void usesWhatAnEarlierProcessOfTheSameNumberHasRecorded() throws IOException {
    record(1);
    assertThat(choose(1, WORDS)).startsWith(USE);
  }

  @Test
  void recordsAnewForOtherFlags() throws IOException {
    record(10);
    assertThat(choose(11, List.of("-Xmx2g"))).startsWith(RECORD);
  }

  /** The key has no path: see the next test for whether the JVM agrees. */
  @Test
  void usesTheCacheOfAJarThatWasMovedWithIt() throws IOException {
    Path cache = record(10);
    choose(11, WORDS);
    Path there = Files.createDirectory(folder.resolve("there"));
    Path finished = Path.of(cache.toString().replaceAll("\\.\\d+$", ""));
    Path moved = Files.move(finished, there.resolve(finished.getFileName()));
    Path movedJar = Files.move(jar, there.resolve("rookery.jar"));

    assertThat(AotCacheFlags.choose(movedJar, WORDS, 12, alive::contains))
        .containsExactly(USE + moved);
  }

  @Test
  void theJvmAcceptsTheCacheOfAMovedJar() throws Exception {
    Path here = Files.createDirectory(folder.resolve("here"));
    Path small = writeProgram(here.resolve("program.jar"));
    assertThat(java(RECORD + here.resolve("program.aot"), "-jar", small.toString()))
        .contains("it runs");
    Path there = Files.move(here, folder.resolve("another-place"));

    // With this mode the JVM does not start if it cannot use the cache.
    assertThat(
            java(
                USE + there.resolve("program.aot"),
                "-XX:AOTMode=on",
                "-jar",
                there.resolve("program.jar").toString()))
        .contains("it runs");
  }

  private static Path writeProgram(Path file) throws IOException {
    var manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, Program.class.getName());
    String entry = Program.class.getName().replace('.', '/') + ".class";
    try (var out = new JarOutputStream(Files.newOutputStream(file), manifest);
        InputStream program =
            Objects.requireNonNull(Program.class.getClassLoader().getResourceAsStream(entry))) {
      out.putNextEntry(new JarEntry(entry));
      program.transferTo(out);
    }
    return file;
  }

  private static String java(String... words) throws Exception {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(words));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  /** What is in the jar. */
  static final class Program {
    private Program() {}

    public static void main(String[] arguments) {
      System.out.println("it runs");
    }
  }

  @Test
  void leavesOtherFilesAlone() throws IOException {
    Files.writeString(folder.resolve("rookery.aot"), "made by scripts/archive");
    Files.writeString(folder.resolve("other-12ab.aot"), "of another program");
    record(10);
    choose(11, WORDS);
    assertThat(caches()).contains("rookery.aot", "other-12ab.aot").hasSize(3);
  }

  @Test
  void leavesCommandsThatDecideForThemselves() {
    String path = jar.toString();
    assertThat(AotCacheFlags.choose(List.of("java", "-jar", path), Map.of()))
        .first()
        .asString()
        .startsWith(RECORD);
    assertThat(
            AotCacheFlags.choose(
                List.of("java", "-jar", path), Map.of("ROOKERY_ENV", "development")))
        .isEmpty();
    assertThat(AotCacheFlags.choose(List.of("java", "-XX:AOTMode=off", "-jar", path), Map.of()))
        .isEmpty();
    for (String flag :
        List.of("--patch-module=a=b", "-XX:StartFlightRecording", "@flags", "-XX:Flags=file")) {
      assertThat(AotCacheFlags.choose(List.of("java", flag, "-jar", path), Map.of())).isEmpty();
    }
    assertThat(AotCacheFlags.choose(List.of("java", "-cp", path, "Main"), Map.of())).isEmpty();
    assertThat(AotCacheFlags.choose(List.of("java", "-jar"), Map.of())).isEmpty();
    assertThat(
            AotCacheFlags.choose(
                List.of("java", "-jar", path),
                Map.of("JAVA_TOOL_OPTIONS", "-XX:AOTCache=/app/rookery.aot")))
        .isEmpty();
    assertThat(AotCacheFlags.choose(List.of("java", "-jar", folder + "/missing.jar"), Map.of()))
        .isEmpty();
  }
}

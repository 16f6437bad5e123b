package dev.rookery.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ScriptCompilerTest {
  private static final Path JAVA = Path.of("/opt/jdk/bin/java");
  private static final List<Path> JARS = List.of(Path.of("/data/a.jar"), Path.of("/data/b.jar"));

  private static List<String> with(String... words) {
    return ScriptCompiler.with(JARS, JAVA, List.of(words));
  }

  @Test
  void addsTheCompilerAndLeavesOutTheCacheThatCannotBeUsedWithIt() {
    assertThat(
            with(
                "java",
                "-XX:AOTCache=/app/r.aot",
                "-XX:AOTCacheOutput=/app/r.aot.7",
                "-Xlog:aot=error,cds=error",
                "-Xmx1g",
                "-jar",
                "a.jar"))
        .containsExactly(
            "java",
            "-XX:+UnlockExperimentalVMOptions",
            "-XX:+EnableJVMCI",
            "--upgrade-module-path=/data/a.jar:/data/b.jar",
            "-Xmx1g",
            "-jar",
            "a.jar");
  }

  /** The words of a command are bytes, which the file system and the JVM read in their encoding. */
  @Test
  void namesTheCompilerInAFolderOfAnyLetters() {
    assumeTrue("UTF-8".equals(System.getProperty("sun.jnu.encoding")), "a locale with all letters");
    var jars = List.of(Path.of("/данные/é/a.jar"));
    List<String> command = ScriptCompiler.with(jars, JAVA, List.of("java", "-jar", "a.jar"));
    assertThat(command.get(3))
        .isEqualTo("--upgrade-module-path=" + JvmFlags.word("/данные/é/a.jar"))
        .hasSizeGreaterThan("--upgrade-module-path=/данные/é/a.jar".length());
    assertThat(JvmFlags.text(command.get(3))).endsWith("=/данные/é/a.jar");
    assertThat(command.get(3)).as("bytes").matches("[\\x00-\\xff]+");
  }

  @Test
  void leavesCommandsThatCannotBeReplaced() {
    var debugged = new String[] {"java", "-agentlib:jdwp=transport=dt_socket", "-jar", "a.jar"};
    assertThat(with(debugged)).containsExactly(debugged);
    var upgraded = new String[] {"java", "--upgrade-module-path=/other", "-jar", "a.jar"};
    assertThat(with(upgraded)).containsExactly(upgraded);
    List<String> plain = List.of("java", "-jar", "a.jar");
    assertThat(ScriptCompiler.with(JARS, Path.of("/opt/launcher"), plain)).isEqualTo(plain);
  }

  @Test
  void nodesThatShareAFolderUnpackAtTheSameTime(@TempDir Path folder) throws Exception {
    Callable<List<Path>> unpack = () -> ScriptCompiler.unpack(folder);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var unpacked : threads.invokeAll(Collections.nCopies(6, unpack))) {
        assertThat(unpacked.get()).hasSize(4).allSatisfy(jar -> new JarFile(jar.toFile()).close());
      }
    }
    assertThat(folder).isDirectoryNotContaining("glob:**.unfinished");
  }

  @Test
  void removesWhatAKilledNodeLeftAndNothingThatIsBeingWritten(@TempDir Path folder)
      throws Exception {
    Path left = Files.writeString(folder.resolve("compiler1.unfinished"), "half of it");
    Path created = Files.createFile(folder.resolve("compiler2.unfinished"));
    Path written = folder.resolve("compiler3.unfinished");
    try (var other = OtherProcess.start(written)) {
      ScriptCompiler.unpack(folder);

      assertThat(left).doesNotExist();
      assertThat(created).exists();
      assertThat(written).exists();
      other.kill();
    }

    ScriptCompiler.unpack(folder);

    assertThat(written).doesNotExist();
  }

  /** A process that writes a file as a node does that unpacks. */
  static final class OtherProcess implements AutoCloseable {
    private final Process process;

    private OtherProcess(Process process) {
      this.process = process;
    }

    static OtherProcess start(Path file) throws IOException {
      var command =
          List.of(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-XX:TieredStopAtLevel=1",
              "-cp",
              System.getProperty("java.class.path"),
              OtherProcess.class.getName(),
              file.toString());
      var started =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      assertThat(started.getInputStream().read()).isEqualTo('.');
      return new OtherProcess(started);
    }

    void kill() throws InterruptedException {
      process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }

    /** Says when it has begun, and never ends. */
    public static void main(String[] arguments) throws Exception {
      try (var out =
          FileChannel.open(
              Path.of(arguments[0]), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        out.lock();
        out.write(ByteBuffer.wrap(new byte[] {1}));
        System.out.write('.');
        System.out.flush();
        Thread.sleep(Duration.ofDays(1));
      }
    }
  }
}

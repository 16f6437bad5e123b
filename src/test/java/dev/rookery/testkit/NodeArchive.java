package dev.rookery.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The AOT cache with which the nodes of a build start. The build creates it once from the jar, by
 * the script that operators use, because a node starts in two thirds of the time with it.
 */
public final class NodeArchive {
  private static final String FILE = System.getProperty("rookery.aot");

  private NodeArchive() {}

  /** The file; empty where the build has none, as in tests that run without the jar. */
  public static Optional<Path> file() {
    return Optional.ofNullable(FILE).map(Path::of).filter(Files::exists);
  }

  /** The flag of the JVM that makes a node use it. */
  public static Optional<String> flag() {
    return file().map(file -> "-XX:AOTCache=" + file);
  }

  /**
   * Creates it.
   *
   * @param arguments the jar and the file
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    var builder = new ProcessBuilder("scripts/archive", arguments[0], arguments[1]).inheritIO();
    var environment = builder.environment();
    environment.put("JAVA", Path.of(System.getProperty("java.home"), "bin", "java").toString());
    environment.put("NODE_FLAGS", String.join(" ", NodeProcess.FLAGS));
    environment.put("TRAINING", "1");
    System.exit(builder.start().waitFor());
  }
}

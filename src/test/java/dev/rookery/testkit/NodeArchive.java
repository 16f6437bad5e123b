package dev.rookery.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The AOT cache with which the nodes of a build start. The build creates it once from the jar, by
 * the script that operators use, because a node starts in two thirds of the time with it. Most
 * nodes of tests are members of a cluster on PostgreSQL, so it is made by such a node: without the
 * classes of both in the cache, a start takes half as long again.
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
    int status;
    try (var database = Databases.withPostgres() ? Databases.postgres() : Databases.sqlite()) {
      environment.put("DATABASE_URL", database.url());
      if (Databases.withPostgres()) {
        environment.putAll(cluster(NodeProcess.freePort()));
      }
      status = builder.start().waitFor();
    }
    System.exit(status);
  }

  private static Map<String, String> cluster(int port) {
    return Map.of(
        "SECRET_KEY_BASE", "of a node that lives for seconds ".repeat(2),
        "CLUSTER_ENABLED", "true",
        "CLUSTER_NAME", "training",
        "CLUSTER_HOST", "127.0.0.1",
        "CLUSTER_PORT", Integer.toString(port),
        "CLUSTER_MEMBERS", "127.0.0.1:" + port,
        "DRAIN_DELAY", "0");
  }
}

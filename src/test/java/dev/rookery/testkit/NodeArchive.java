package dev.rookery.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
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
   * Creates it, of a node that joins a cluster on PostgreSQL, as those of most tests do.
   *
   * @param arguments the jar and the file
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    System.setProperty("rookery.jar", arguments[0]);
    Path folder = Files.createTempDirectory("node-archive");
    int status;
    try (var postgres = PostgresServer.start(folder.resolve("postgres"))) {
      int first = NodeProcess.freePort();
      int second = NodeProcess.freePort();
      String members = "127.0.0.1:" + first + ",127.0.0.1:" + second;
      try (var _ = NodeProcess.start(folder.resolve("first"), member(postgres, first, members))) {
        var builder = new ProcessBuilder("scripts/archive", arguments[0], arguments[1]).inheritIO();
        var environment = builder.environment();
        environment.putAll(member(postgres, second, members));
        environment.put("JAVA", Path.of(System.getProperty("java.home"), "bin", "java").toString());
        environment.put("NODE_FLAGS", String.join(" ", NodeProcess.FLAGS));
        environment.put("TRAINING", "1");
        status = builder.start().waitFor();
      }
    } finally {
      SchemaTemplates.deleteFolder(folder);
    }
    System.exit(status);
  }

  private static Map<String, String> member(PostgresServer postgres, int port, String members) {
    return Map.of(
        "DATABASE_URL",
        postgres.testDatabase().url(),
        "SECRET_KEY_BASE",
        "a secret that the nodes share whose classes are archived",
        "CLUSTER_ENABLED",
        "true",
        "CLUSTER_NAME",
        "archive-" + ProcessHandle.current().pid(),
        "CLUSTER_HOST",
        "127.0.0.1",
        "CLUSTER_PORT",
        Integer.toString(port),
        "CLUSTER_MEMBERS",
        members);
  }
}

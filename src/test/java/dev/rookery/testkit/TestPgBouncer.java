package dev.rookery.testkit;

import dev.rookery.store.DatabaseLocation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A real PgBouncer in front of a PostgreSQL, with its default settings but for the mode of its
 * pool. Needs Debian's package {@code pgbouncer}.
 */
public final class TestPgBouncer implements AutoCloseable {
  private static final List<Path> PROGRAMS =
      List.of(Path.of("/usr/sbin/pgbouncer"), Path.of("/usr/bin/pgbouncer"));
  // It refuses to run as root, and drops to this user.
  private static final String USER = "nobody";

  private final Databases.TestDatabase target;
  private final Path folder;
  private final Process process;
  private final int port;

  private TestPgBouncer(Databases.TestDatabase target, Path folder, Process process, int port) {
    this.target = target;
    this.folder = folder;
    this.process = process;
    this.port = port;
  }

  /**
   * Starts a PgBouncer and waits until it accepts connections.
   *
   * @param mode {@code session}, {@code transaction} or {@code statement}
   */
  public static TestPgBouncer start(Databases.TestDatabase target, String mode) {
    var server = (DatabaseLocation.Server) target.location();
    int port = NodeProcess.freePort();
    try {
      Path folder = Files.createTempDirectory("rookery-pgbouncer");
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
      Path users = readable(folder.resolve("users.txt"), "\"postgres\" \"postgres\"\n");
      Path settings =
          readable(
              folder.resolve("pgbouncer.ini"),
              """
              [databases]
              * = host=127.0.0.1 port=%d

              [pgbouncer]
              listen_addr = 127.0.0.1
              listen_port = %d
              unix_socket_dir =
              auth_type = trust
              auth_file = %s
              pool_mode = %s
              """
                  .formatted(server.port(), port, users, mode));
      var command = new ArrayList<>(List.of(program().toString(), "-q"));
      if (System.getProperty("user.name").equals("root")) {
        command.addAll(List.of("-u", USER));
      }
      command.add(settings.toString());
      var process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("log.txt").toFile())
              .start();
      var bouncer = new TestPgBouncer(target, folder, process, port);
      Eventually.holds(bouncer::accepts);
      return bouncer;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** The same database, reached through this PgBouncer. */
  public Databases.TestDatabase testDatabase() {
    var server = (DatabaseLocation.Server) target.location();
    return new Databases.TestDatabase(
        target.kind(),
        new DatabaseLocation.Server(
            "127.0.0.1", port, server.database(), server.user(), server.password()),
        () -> {});
  }

  private static Path program() {
    return PROGRAMS.stream()
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("needs the package pgbouncer"));
  }

  private static Path readable(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    return file;
  }

  private boolean accepts() {
    if (!process.isAlive()) {
      throw new IllegalStateException("PgBouncer ended: see " + folder.resolve("log.txt"));
    }
    try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      process.waitFor();
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(folder);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}

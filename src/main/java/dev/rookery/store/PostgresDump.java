package dev.rookery.store;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Runs {@code pg_dump} and {@code pg_restore}, which must be on the PATH. */
public final class PostgresDump {
  private static final int ERROR_BYTES_MAX = 2_000;

  private PostgresDump() {}

  /**
   * Writes a dump in PostgreSQL's custom format; nodes may run.
   *
   * @throws IllegalStateException if it fails; then there is no dump
   */
  public static void write(DatabaseLocation.Server server, Path dump) {
    Path part = dump.resolveSibling(dump.getFileName() + ".part");
    try {
      Files.deleteIfExists(part);
      PrivateFolder.createFile(part);
      run(server, List.of("pg_dump", "--format=custom", "--no-owner", "--file=" + part));
      Files.move(part, dump, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException failure) {
      throw new IllegalStateException(dump + ": " + failure.getMessage(), failure);
    } finally {
      deleteQuietly(part);
    }
  }

  /**
   * Replaces the contents of the database, all or nothing. No node may run.
   *
   * @throws IllegalStateException if it fails
   */
  public static void restore(Path dump, DatabaseLocation.Server server) {
    run(
        server,
        List.of(
            "pg_restore",
            "--clean",
            "--if-exists",
            "--no-owner",
            "--single-transaction",
            "--exit-on-error",
            "--dbname=" + server.database(),
            dump.toString()));
  }

  /** Whether {@code pg_dump} is on the PATH of this process. */
  static boolean isAvailable() {
    String path = System.getenv("PATH");
    return path != null
        && Stream.of(path.split(File.pathSeparator))
            .filter(folder -> !folder.isEmpty())
            .anyMatch(
                folder ->
                    Files.isExecutable(Path.of(folder, "pg_dump"))
                        && Files.isExecutable(Path.of(folder, "pg_restore")));
  }

  /**
   * Reads the list of contents of a dump.
   *
   * @throws IllegalStateException if it cannot be read
   */
  static void verify(Path dump) {
    run(
        new ProcessBuilder("pg_restore", "--list", dump.toString())
            .redirectOutput(Redirect.DISCARD));
  }

  /** The password goes by the environment: other users see the command line. */
  private static void run(DatabaseLocation.Server server, List<String> command) {
    var builder = new ProcessBuilder(command).redirectOutput(Redirect.INHERIT);
    Map<String, String> environment = builder.environment();
    environment.put("PGHOST", server.host());
    environment.put("PGPORT", Integer.toString(server.port()));
    environment.put("PGDATABASE", server.database());
    environment.put("PGUSER", server.user());
    if (server.password() != null) {
      environment.put("PGPASSWORD", server.password());
    }
    PostgresTls tls = server.tls();
    environment.put("PGSSLMODE", tls.mode().toString());
    putIfGiven(environment, "PGSSLROOTCERT", tls.rootCert());
    putIfGiven(environment, "PGSSLCERT", tls.cert());
    putIfGiven(environment, "PGSSLKEY", tls.key());
    run(builder);
  }

  /** What the program says is wrong, which has no secrets. */
  private static String readErrors(Process process) throws IOException {
    try (InputStream errors = process.getErrorStream()) {
      String text = new String(errors.readNBytes(ERROR_BYTES_MAX), StandardCharsets.UTF_8).strip();
      errors.transferTo(OutputStream.nullOutputStream());
      return text.isEmpty() ? "" : ": " + text;
    }
  }

  private static void run(ProcessBuilder builder) {
    String command = builder.command().getFirst();
    try {
      Process process = builder.start();
      try {
        String errors = readErrors(process);
        int status = process.waitFor();
        if (status != 0) {
          throw new IllegalStateException(command + " ended with status " + status + errors);
        }
      } finally {
        process.destroy();
      }
    } catch (IOException failure) {
      throw new IllegalStateException(
          command + " cannot be started: " + failure.getMessage(), failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(command + " was interrupted", interrupted);
    }
  }

  private static void putIfGiven(
      Map<String, String> environment, String name, @Nullable String value) {
    if (value != null) {
      environment.put(name, value);
    }
  }

  private static void deleteQuietly(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException _) {
      // The failure before is reported.
    }
  }
}

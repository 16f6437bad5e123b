package dev.rookery.store;

import dev.rookery.store.Migrations.Applied;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * The migrations of this build, by the names and checksums with which Flyway lists them in the
 * history of a database. If it ever computes others, no history has these, and {@link Migrations}
 * asks Flyway at each start again.
 */
final class MigrationScripts {
  private static final String FOLDER = "migrations/";

  /** Of a migration in Java. */
  private static final String NO_CHECKSUM = "";

  private MigrationScripts() {}

  /** Whether a history has each of them once, with its checksum, and nothing that failed. */
  static boolean areAllIn(List<Applied> history) {
    var applied = new HashMap<String, String>();
    for (Applied one : history) {
      String checksum = one.checksum() == null ? NO_CHECKSUM : one.checksum();
      if (!one.success() || applied.put(one.script(), checksum) != null) {
        return false;
      }
    }
    return !Shared.CHECKSUMS.isEmpty()
        && applied.entrySet().containsAll(Shared.CHECKSUMS.entrySet());
  }

  /**
   * The folder or the jar that a class is in. Classes that come from an AOT cache may not know it
   * themselves: that of a jar named by a relative path is lost when a process starts elsewhere.
   *
   * @param file the class as a resource
   * @param name of the class
   */
  static Path location(URL file, String name) throws IOException, URISyntaxException {
    if (file.openConnection() instanceof JarURLConnection inJar) {
      return Path.of(inJar.getJarFileURL().toURI());
    }
    Path folder = Path.of(file.toURI());
    for (int i = 0; i < name.split("\\.").length; i++) {
      folder = Objects.requireNonNull(folder.getParent());
    }
    return folder;
  }

  /** Empty where the scripts are not beside the classes. */
  private static Map<String, String> checksums() {
    try {
      Class<?> own = MigrationScripts.class;
      URL file = Objects.requireNonNull(own.getResource(own.getSimpleName() + ".class"));
      Path build = location(file, own.getName());
      Map<String, String> checksums =
          Files.isDirectory(build) ? ofFolder(build.resolve(FOLDER)) : ofJar(build);
      if (!checksums.isEmpty()) {
        checksums.put(NormalizeTexts.class.getName(), NO_CHECKSUM);
      }
      return checksums;
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    } catch (URISyntaxException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static Map<String, String> ofFolder(Path folder) throws IOException {
    var checksums = new HashMap<String, String>();
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.toList()) {
          checksums.put(file.getFileName().toString(), checksum(Files.newInputStream(file)));
        }
      }
    }
    return checksums;
  }

  private static Map<String, String> ofJar(Path file) throws IOException {
    var checksums = new HashMap<String, String>();
    try (var jar = new JarFile(file.toFile())) {
      Stream<JarEntry> scripts =
          jar.stream()
              .filter(entry -> entry.getName().startsWith(FOLDER))
              .filter(entry -> !entry.isDirectory());
      for (JarEntry script : scripts.toList()) {
        String name = script.getName().substring(FOLDER.length());
        checksums.put(name, checksum(jar.getInputStream(script)));
      }
    }
    return checksums;
  }

  /** As Flyway computes it: of the lines, whatever ends them. */
  private static String checksum(InputStream script) throws IOException {
    var checksum = new CRC32();
    try (var lines = new BufferedReader(new InputStreamReader(script, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        checksum.update(line.getBytes(StandardCharsets.UTF_8));
      }
    }
    return Integer.toString((int) checksum.getValue());
  }

  private static final class Shared {
    private static final Map<String, String> CHECKSUMS = Map.copyOf(checksums());
  }
}

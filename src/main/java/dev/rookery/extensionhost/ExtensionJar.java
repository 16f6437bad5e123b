package dev.rookery.extensionhost;

import dev.rookery.base.Sha256;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A jar, copied into memory, so that replacing or deleting its file changes nothing for the version
 * that runs, and unloading it leaves no open file.
 *
 * @param name by which clients call the extension
 * @param version from the manifest, else the beginning of the digest
 * @param digest SHA-256 of the jar in hexadecimal digits
 * @param entries the content of each file in the jar, by path
 */
public record ExtensionJar(
    String name, String version, String digest, Map<String, byte[]> entries) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");
  private static final Pattern VERSION = Pattern.compile("[ -~]{1,64}");
  private static final int ENTRIES_MAX = 20_000;
  private static final int BYTES_MAX = 256 << 20;
  private static final int RELEASE = 25;
  private static final int DIGEST_SHOWN = 12;
  private static final String VERSIONED = "META-INF/versions/";

  /**
   * Whether an extension may have this name: 1 to 64 of the characters a-z, A-Z, 0-9, {@code _},
   * {@code .} and {@code -}, the first of them alphanumeric.
   */
  public static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  /**
   * Reads a jar.
   *
   * @param defaultName the name if the manifest has no {@code Extension-Name}
   * @throws ExtensionException if it is no jar, is too large unpacked, or has an invalid name
   */
  public static ExtensionJar read(String defaultName, byte[] bytes) throws ExtensionException {
    return read(defaultName, bytes, BYTES_MAX);
  }

  /** As {@link #read(String, byte[])}, of a jar that has at most so many bytes unpacked. */
  static ExtensionJar read(String defaultName, byte[] bytes, int bytesMax)
      throws ExtensionException {
    var entries = new HashMap<String, byte[]>();
    var manifest = new Manifest();
    // Not a JarInputStream, which would read a manifest of any size. It would also verify
    // signatures, but an admin who may deploy a jar may sign it, too.
    try (var in = new ZipInputStream(new ByteArrayInputStream(bytes))) {
      int total = 0;
      int count = 0;
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        // The data of directories is read as well, because leaving it out would unpack it
        // uncounted.
        byte[] content = in.readNBytes(bytesMax - total + 1);
        total += content.length;
        count++;
        if (total > bytesMax || count > ENTRIES_MAX) {
          throw new ExtensionException(
              "the jar is too large: more than %d MiB unpacked or %d entries"
                  .formatted(bytesMax >> 20, ENTRIES_MAX));
        }
        if (entry.getName().equalsIgnoreCase(JarFile.MANIFEST_NAME)) {
          manifest = new Manifest(new ByteArrayInputStream(content));
        } else if (!entry.isDirectory()) {
          entries.put(entry.getName(), content);
        }
      }
    } catch (IOException | IllegalArgumentException broken) {
      throw new ExtensionException("not a valid jar: " + broken.getMessage(), broken);
    }
    if (entries.isEmpty()) {
      throw new ExtensionException("not a jar, or an empty one");
    }
    Attributes attributes = manifest.getMainAttributes();
    if ("true".equalsIgnoreCase(attributes.getValue(Attributes.Name.MULTI_RELEASE))) {
      useVersionedEntries(entries);
    }
    String digest = digest(bytes);
    String named = attributes.getValue(Attributes.Name.EXTENSION_NAME);
    String name = named == null ? defaultName : named.strip();
    if (!isName(name)) {
      throw new ExtensionException(
          "the name of an extension must be 1 to 64 of a-z, A-Z, 0-9, '_', '.' and '-', and must"
              + " begin with an alphanumeric character");
    }
    return new ExtensionJar(name, version(attributes, digest), digest, Map.copyOf(entries));
  }

  private static String version(Attributes attributes, String digest) {
    @Nullable String written = attributes.getValue(Attributes.Name.IMPLEMENTATION_VERSION);
    return written != null && VERSION.matcher(written.strip()).matches()
        ? written.strip()
        : digest.substring(0, DIGEST_SHOWN);
  }

  /** In a multi-release jar the files of the highest Java version that runs here count. */
  private static void useVersionedEntries(Map<String, byte[]> entries) {
    var versions = new TreeMap<Integer, Map<String, byte[]>>();
    entries.forEach(
        (path, content) -> {
          int end = path.startsWith(VERSIONED) ? path.indexOf('/', VERSIONED.length()) : -1;
          if (end < 0) {
            return;
          }
          String number = path.substring(VERSIONED.length(), end);
          if (number.matches("\\d{1,3}") && Integer.parseInt(number) <= RELEASE) {
            versions
                .computeIfAbsent(Integer.valueOf(number), _ -> new HashMap<>())
                .put(path.substring(end + 1), content);
          }
        });
    versions.values().forEach(entries::putAll);
  }

  /** SHA-256 in hexadecimal digits. */
  public static String digest(byte[] bytes) {
    return Sha256.hex(bytes);
  }
}

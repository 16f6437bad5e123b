package dev.rookery.match;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.base.Sha256;
import dev.rookery.base.Text;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The static files of a version while they are collected. It refuses names that lead elsewhere or
 * that file systems and clients take for the same, and more than a version may have.
 */
final class GameFiles {
  static final int FILES_MAX = 1_000;
  static final int FILE_BYTES_MAX = 8 << 20;
  static final int TOTAL_BYTES_MAX = 32 << 20;

  static final String INDEX = "index.html";

  private static final int PATH_MAX = 240;

  private final Map<String, GameFile> files = new TreeMap<>();
  private final Set<String> lowerCase = new HashSet<>();
  private long bytes;

  /** Whether a file is left out: files that editors and archivers keep beside others. */
  static boolean isIgnored(String path) {
    for (String name : path.split("/", -1)) {
      if (name.startsWith(".") && !name.equals(".") && !name.equals("..")
          || name.equals("__MACOSX")) {
        return true;
      }
    }
    return false;
  }

  /** Refuses a path that is not one below the folder of the version. */
  static void check(String path) {
    if (path.length() > PATH_MAX) {
      throw rejected("the path of a file has more than " + PATH_MAX + " characters");
    }
    if (!Text.isStorable(path)
        || path.chars().anyMatch(c -> c < ' ' || c == '\\' || c == ':' || c == 0x7f)) {
      throw rejected("the path of a file has characters that are not allowed");
    }
    for (String name : path.split("/", -1)) {
      if (name.isEmpty() || name.equals(".") || name.equals("..")) {
        throw rejected("the path \"" + path + "\" leads out of the folder of the game");
      }
    }
  }

  /** Refuses a further file before its content is read. */
  void reserve(String path, long size) {
    check(path);
    if (!lowerCase.add(path.toLowerCase(Locale.ROOT))) {
      throw rejected("\"" + path + "\" occurs twice, or differs from another path in case alone");
    }
    if (lowerCase.size() > FILES_MAX) {
      throw rejected("there are more than " + FILES_MAX + " files");
    }
    if (size > FILE_BYTES_MAX) {
      throw rejected("\"" + path + "\" has more than " + FILE_BYTES_MAX + " bytes");
    }
    bytes += size;
    if (bytes > TOTAL_BYTES_MAX) {
      throw rejected("the files have more than " + TOTAL_BYTES_MAX + " bytes together");
    }
  }

  /** Adds a file that {@link #reserve} has accepted. */
  void add(String path, byte[] content) {
    files.put(path, new GameFile(path, content));
  }

  /** The files by path. Refused if one is the folder of another, or the page is missing. */
  List<GameFile> complete() {
    for (String path : files.keySet()) {
      for (int end = path.indexOf('/'); end >= 0; end = path.indexOf('/', end + 1)) {
        if (lowerCase.contains(path.substring(0, end).toLowerCase(Locale.ROOT))) {
          throw rejected("\"" + path.substring(0, end) + "\" is a file and a folder");
        }
      }
    }
    if (!files.containsKey(INDEX)) {
      throw rejected("the static files have no index.html at their top");
    }
    return List.copyOf(files.values());
  }

  static Refused rejected(String message) {
    return new Refused(new Refusal.Denied("game_rejected", Map.of("message", message)));
  }

  /** SHA-256 of the paths and contents in hexadecimal digits; null if there are no files. */
  static @Nullable String digest(List<GameFile> files) {
    if (files.isEmpty()) {
      return null;
    }
    MessageDigest digest = Sha256.begin();
    for (GameFile file : files) {
      String head = file.path() + "\n" + file.content().length + "\n";
      digest.update(head.getBytes(StandardCharsets.UTF_8));
      digest.update(file.content());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** SHA-256 in hexadecimal digits. */
  static String digest(byte[] content) {
    return Sha256.hex(content);
  }
}

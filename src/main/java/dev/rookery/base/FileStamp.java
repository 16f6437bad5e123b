package dev.rookery.base;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What tells whether a file has changed since it was looked at.
 *
 * @param key of the file in its file system, so that one which replaces it with the same size and
 *     time is seen; null where there are no such keys
 */
public record FileStamp(long bytes, long modifiedNanos, @Nullable Object key) {
  public static FileStamp of(BasicFileAttributes attributes) {
    return new FileStamp(
        attributes.size(),
        attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS),
        attributes.fileKey());
  }

  /**
   * Lists the regular files of a folder by their names; none if there is no such folder.
   *
   * @param names which files to list
   * @throws IOException if the folder or one of the files cannot be read
   */
  public static Map<String, FileStamp> list(Path folder, Predicate<String> names)
      throws IOException {
    var files = new TreeMap<String, FileStamp>();
    try (var entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (names.test(name)) {
          addIfRegular(files, name, entry);
        }
      }
    } catch (NoSuchFileException | NotDirectoryException _) {
      return Map.of();
    } catch (DirectoryIteratorException unreadable) {
      throw unreadable.getCause();
    }
    return files;
  }

  private static void addIfRegular(Map<String, FileStamp> files, String name, Path file)
      throws IOException {
    try {
      var attributes = Files.readAttributes(file, BasicFileAttributes.class);
      if (attributes.isRegularFile()) {
        files.put(name, of(attributes));
      }
    } catch (NoSuchFileException _) {
      // Deleted meanwhile.
    }
  }
}

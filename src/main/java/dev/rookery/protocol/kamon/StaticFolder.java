package dev.rookery.protocol.kamon;

import dev.rookery.base.RealPath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds and opens the files of one folder, by their real paths.
 *
 * <p>Symbolic links are resolved before anything is opened: a file whose real path is outside the
 * folder, or in the data of the server, is not found. The same holds for names that begin with a
 * dot. Only the folders of Kubernetes' volumes, which begin with two dots and are reached by links
 * alone, may be part of a real path. Blocks; not for event loops.
 */
final class StaticFolder {
  private static final String APP_LINKS = ".well-known";
  private static final int HEX = 16;

  private final Path folder;
  private final List<Path> excluded;

  /**
   * @param excluded files and folders that are not served although they are in the folder; of a
   *     file also those beside it whose names begin with its name
   */
  StaticFolder(Path folder, List<Path> excluded) {
    this.folder = folder.toAbsolutePath().normalize();
    this.excluded = List.copyOf(excluded);
  }

  /**
   * A file that is open for reading.
   *
   * @param name the name by which it was requested, which tells its content type
   */
  record OpenFile(String name, FileChannel channel, long size, long modifiedMs)
      implements AutoCloseable {
    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  /** What a path leads to. */
  sealed interface Found {
    record File(OpenFile file) implements Found {}

    /** A folder with an index page, requested without a slash at its end. */
    record Folder() implements Found {}

    record Nothing() implements Found {}
  }

  /**
   * Opens the file at a path below the folder; of a folder its {@code index.html}.
   *
   * @param path as it was requested, percent-encoded, beginning with a slash
   */
  Found open(String path) {
    List<String> names = names(path);
    if (names == null || names.stream().anyMatch(name -> name.startsWith("."))) {
      return new Found.Nothing();
    }
    return open(names, path.endsWith("/"));
  }

  /** Opens a file in {@code .well-known}. */
  Found openAppLink(String name) {
    return open(List.of(APP_LINKS, name), false);
  }

  private Found open(List<String> names, boolean asFolder) {
    try {
      Path root = folder.toRealPath();
      Path file = root;
      for (String name : names) {
        file = file.resolve(name);
      }
      Path real = file.toRealPath();
      if (!isServed(root, real)) {
        return new Found.Nothing();
      }
      if (!Files.isDirectory(real, LinkOption.NOFOLLOW_LINKS)) {
        return asFolder ? new Found.Nothing() : open(real, names);
      }
      Path index = real.resolve("index.html").toRealPath();
      if (!isServed(root, index)) {
        return new Found.Nothing();
      }
      return asFolder ? open(index, List.of("index.html")) : new Found.Folder();
    } catch (IOException | InvalidPathException _) {
      return new Found.Nothing();
    }
  }

  private static Found open(Path real, List<String> names) throws IOException {
    var attributes =
        Files.readAttributes(real, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    // Opening a named pipe would block, and a device has no end.
    if (!attributes.isRegularFile()) {
      return new Found.Nothing();
    }
    FileChannel channel =
        FileChannel.open(real, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    try {
      return new Found.File(
          new OpenFile(
              names.getLast(), channel, channel.size(), attributes.lastModifiedTime().toMillis()));
    } catch (IOException | RuntimeException failure) {
      channel.close();
      throw failure;
    }
  }

  private boolean isServed(Path root, Path real) {
    if (!real.startsWith(root)) {
      return false;
    }
    Path below = root.relativize(real);
    for (int i = 0; i < below.getNameCount(); i++) {
      String name = below.getName(i).toString();
      boolean appLinks = i == 0 && name.equals(APP_LINKS);
      if (name.startsWith(".") && !name.startsWith("..") && !appLinks) {
        return false;
      }
    }
    return excluded.stream().noneMatch(path -> belongsTo(RealPath.of(path), real));
  }

  private static boolean belongsTo(Path excluded, Path real) {
    if (real.startsWith(excluded)) {
      return true;
    }
    Path parent = real.getParent();
    return parent != null
        && parent.equals(excluded.getParent())
        && !Files.isDirectory(excluded)
        && String.valueOf(real.getFileName()).startsWith(String.valueOf(excluded.getFileName()));
  }

  /**
   * The decoded names of a path, without empty ones; null if one of them is no name of a file. Each
   * is decoded once, after the path was split: an encoded slash separates nothing.
   */
  static @Nullable List<String> names(String path) {
    var names = new ArrayList<String>();
    for (String segment : path.split("/", -1)) {
      String name = decode(segment);
      if (name == null || name.chars().anyMatch(c -> c == '/' || c == '\\' || c < ' ')) {
        return null;
      }
      if (!name.isEmpty()) {
        names.add(name);
      }
    }
    return names;
  }

  private static @Nullable String decode(String segment) {
    if (segment.indexOf('%') < 0) {
      return segment;
    }
    byte[] encoded = segment.getBytes(StandardCharsets.UTF_8);
    var decoded = ByteBuffer.allocate(encoded.length);
    for (int i = 0; i < encoded.length; i++) {
      if (encoded[i] != '%') {
        decoded.put(encoded[i]);
        continue;
      }
      int high = i + 2 < encoded.length ? Character.digit(encoded[i + 1], HEX) : -1;
      int low = i + 2 < encoded.length ? Character.digit(encoded[i + 2], HEX) : -1;
      if (high < 0 || low < 0) {
        return null;
      }
      decoded.put((byte) (high * HEX + low));
      i += 2;
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(decoded.flip()).toString();
    } catch (CharacterCodingException _) {
      return null;
    }
  }
}

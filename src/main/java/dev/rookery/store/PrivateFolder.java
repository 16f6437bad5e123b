package dev.rookery.store;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates folders and files that only the user of the server may read: mode 0700 and 0600. On file
 * systems without such modes the access control of the folder above decides.
 */
public final class PrivateFolder {
  private static final Logger LOG = LoggerFactory.getLogger(PrivateFolder.class);
  private static final Set<PosixFilePermission> FOLDER =
      PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
  private static final int STICKY = 01000;

  private PrivateFolder() {}

  /**
   * Creates the folder, and those above it, unless it exists; then nothing is changed.
   *
   * @param folder null for that above the root, which is nothing to create
   */
  public static void create(@Nullable Path folder) throws IOException {
    if (folder == null) {
      return;
    }
    Path absolute = folder.toAbsolutePath();
    if (Files.isDirectory(absolute)) {
      return;
    }
    Path parent = absolute.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    try {
      if (hasModes(absolute)) {
        Files.createDirectory(absolute, PosixFilePermissions.asFileAttribute(FOLDER));
      } else {
        Files.createDirectory(absolute);
      }
    } catch (FileAlreadyExistsException failure) {
      if (!Files.isDirectory(absolute)) {
        throw failure;
      }
    }
  }

  /**
   * Creates the folder, or takes the rights of others to one that this user owns, with a warning. A
   * folder that has to be shared stays as it is: of another user, with a sticky bit such as that
   * for temporary files, the home or working folder, or the root.
   */
  public static void createOrTighten(Path folder) throws IOException {
    create(folder);
    Path real = folder.toRealPath();
    if (!hasModes(real)) {
      return;
    }
    var attributes = Files.readAttributes(real, PosixFileAttributes.class);
    if (FOLDER.containsAll(attributes.permissions())) {
      return;
    }
    String mode = PosixFilePermissions.toString(attributes.permissions());
    if (!isShared(real)) {
      try {
        Files.setPosixFilePermissions(real, FOLDER);
        LOG.warn("others could read the data folder {} ({}): its mode is 0700 now", real, mode);
        return;
      } catch (IOException _) {
        // It belongs to another user.
      }
    }
    LOG.warn(
        "others can read the data folder {} ({}): give the server one of its own with mode 0700",
        real,
        mode);
  }

  private static boolean isShared(Path folder) throws IOException {
    return folder.getParent() == null
        || ((int) Files.getAttribute(folder, "unix:mode") & STICKY) != 0
        || isAt(folder, System.getProperty("user.home"))
        || isAt(folder, System.getProperty("user.dir"));
  }

  private static boolean isAt(Path folder, @Nullable String other) throws IOException {
    return other != null
        && Files.exists(Path.of(other))
        && Files.isSameFile(folder, Path.of(other));
  }

  /** Creates an empty file with mode 0600 unless it exists. Never opens an existing one. */
  static void createFile(Path file) throws IOException {
    try {
      if (hasModes(file)) {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(FILE));
      } else {
        Files.createFile(file);
      }
    } catch (FileAlreadyExistsException _) {
      tighten(file);
    }
  }

  /** Creates a file with mode 0600 and this text; fails if it exists. */
  public static void writeFile(Path file, String text) throws IOException {
    if (hasModes(file)) {
      Files.createFile(file, PosixFilePermissions.asFileAttribute(FILE));
    } else {
      Files.createFile(file);
    }
    Files.writeString(file, text);
  }

  /** Takes the rights of others to a file, if it exists and this user owns it. */
  static void tighten(Path file) {
    try {
      if (hasModes(file)
          && Files.exists(file)
          && !FILE.containsAll(Files.getPosixFilePermissions(file))) {
        Files.setPosixFilePermissions(file, FILE);
      }
    } catch (IOException failure) {
      LOG.warn("others may be able to read {}: {}", file, failure.getMessage());
    }
  }

  private static boolean hasModes(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}

package dev.rookery.base;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Real paths: absolute, without symbolic links, and also of files that do not exist yet. */
public final class RealPath {
  // As many as Linux follows in one path.
  private static final int LINKS_MAX = 40;

  private RealPath() {}

  /**
   * Returns where a path leads. Links are followed as far as files exist, and also when the target
   * of the last one is missing: what is created there later has this real path.
   */
  public static Path of(Path path) {
    return of(path.toAbsolutePath(), 0);
  }

  private static Path of(Path path, int links) {
    try {
      return path.toRealPath();
    } catch (IOException _) {
      Path parent = path.getParent();
      Path name = path.getFileName();
      if (parent == null || name == null || links > LINKS_MAX) {
        return path.normalize();
      }
      Path folder = of(parent, links + 1);
      return Files.isSymbolicLink(folder.resolve(name))
          ? ofTarget(folder, name, links)
          : folder.resolve(name).normalize();
    }
  }

  private static Path ofTarget(Path folder, Path name, int links) {
    try {
      return of(folder.resolve(Files.readSymbolicLink(folder.resolve(name))), links + 1);
    } catch (IOException _) {
      return folder.resolve(name);
    }
  }

  /**
   * Whether {@code inner} is {@code outer} or lies in it, also when one folder is mounted at two
   * places.
   */
  public static boolean contains(Path outer, Path inner) {
    Path folder = of(outer);
    for (Path path = of(inner); path != null; path = path.getParent()) {
      if (path.equals(folder) || isSame(path, folder)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isSame(Path one, Path other) {
    try {
      return Files.isSameFile(one, other);
    } catch (IOException _) {
      return false;
    }
  }
}

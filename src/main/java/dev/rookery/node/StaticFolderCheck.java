package dev.rookery.node;

import dev.rookery.base.RealPath;
import dev.rookery.config.NodeConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps the server's data, and the code of extensions, apart from the files that it serves to
 * everybody.
 *
 * <p>The data folder has the signing secret. A served database file would be open a second time in
 * this process, and closing that descriptor would drop the locks by which SQLite protects it.
 */
final class StaticFolderCheck {
  private StaticFolderCheck() {}

  /** The folder and files that are never served. */
  static List<Path> dataPaths(NodeConfig config) {
    var paths =
        new ArrayList<Path>(
            List.of(config.dataDir(), config.extensions().folder(), config.godra().scripts()));
    Path file = StoreFactory.file(config);
    if (file != null) {
      paths.add(file);
    }
    return paths;
  }

  /**
   * @throws IllegalArgumentException if one of static folder and data folder contains the other, or
   *     the static folder contains the database
   */
  static void check(NodeConfig config) {
    Path served = config.staticFiles().folder();
    for (Path data : dataPaths(config)) {
      if (RealPath.contains(served, data)) {
        throw new IllegalArgumentException(
            RealPath.of(served) + " would serve the server's data, which is at " + data);
      }
    }
    Path dataFolder = config.dataDir();
    if (RealPath.contains(dataFolder, served)) {
      throw new IllegalArgumentException(
          served + " lies in the data folder " + RealPath.of(dataFolder) + "; keep them apart");
    }
  }
}

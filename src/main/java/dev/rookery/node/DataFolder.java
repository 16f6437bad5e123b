package dev.rookery.node;

import dev.rookery.base.RealPath;
import dev.rookery.config.NodeConfig;
import dev.rookery.store.DatabaseLocation;
import dev.rookery.store.PrivateFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The folder in which a node keeps its secrets and the file of SQLite. A node with PostgreSQL and a
 * configured secret has no data of its own, and needs none.
 */
final class DataFolder {
  private DataFolder() {}

  /** Creates the folder if the node needs it; only the user of the process can read it. */
  static void prepare(NodeConfig config) {
    Path folder = config.dataDir();
    if (!isUsed(config) && !Files.isDirectory(folder)) {
      return;
    }
    try {
      PrivateFolder.createOrTighten(folder);
    } catch (IOException failure) {
      throw new IllegalStateException(
          "cannot use the data folder " + folder + " (ROOKERY_DATA_DIR): " + failure, failure);
    }
  }

  /** Whether the node keeps a secret or the database in the folder. */
  static boolean isUsed(NodeConfig config) {
    return config.auth().signingSecret() == null
        || (StoreFactory.location(config) instanceof DatabaseLocation.File(var file)
            && RealPath.contains(config.dataDir(), file));
  }
}

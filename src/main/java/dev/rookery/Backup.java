package dev.rookery;

import dev.rookery.config.ConfigException;
import dev.rookery.config.ConfigReader;
import dev.rookery.config.NodeConfig;
import dev.rookery.node.ConfigChecks;
import dev.rookery.node.DatabaseBackup;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Backs up the database of a node while it runs, or restores it while none runs; started by {@code
 * scripts/backup} and {@code scripts/restore}. It reads the same configuration as the node.
 */
public final class Backup {
  private static final int FAILED = 1;
  private static final int MISUSED = 2;

  private Backup() {}

  public static void main(String[] args) {
    Locale.setDefault(Locale.ROOT);
    if (args.length != 2 || !(args[0].equals("backup") || args[0].equals("restore"))) {
      System.err.println("usage: backup FILE | restore FILE");
      System.exit(MISUSED);
      return;
    }
    try {
      String file = System.getenv("ROOKERY_CONFIG");
      NodeConfig config =
          ConfigReader.read(
              file == null || file.isBlank() ? null : Path.of(file),
              System.getenv(),
              ConfigChecks.ALL);
      Path copy = Path.of(args[1]).toAbsolutePath();
      if (args[0].equals("backup")) {
        System.out.println(DatabaseBackup.backUp(config, copy));
      } else {
        System.out.println(DatabaseBackup.restore(config, copy));
      }
    } catch (ConfigException mistakes) {
      mistakes.problems().forEach(System.err::println);
      System.exit(MISUSED);
    } catch (IllegalStateException | InvalidPathException failure) {
      System.err.println(args[0] + " failed: " + failure.getMessage());
      System.exit(FAILED);
    }
  }
}

package dev.rookery.node;

import dev.rookery.console.BackupTool;
import dev.rookery.store.Dialect;
import dev.rookery.store.PrivateFolder;
import dev.rookery.store.StoreCopy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Backups of the store of this node. */
record StoreBackups(StoreCopy copy, Path folder) implements BackupTool {
  @Override
  public String kind() {
    return copy.dialect() == Dialect.SQLITE ? "sqlite" : "postgres";
  }

  @Override
  public boolean isAvailable() {
    return copy.isAvailable();
  }

  @Override
  public long expectedBytes() {
    return copy.bytes();
  }

  @Override
  public List<Path> write(Path file) {
    try {
      PrivateFolder.create(folder.toAbsolutePath());
    } catch (IOException failure) {
      throw new IllegalStateException("cannot create the folder " + folder, failure);
    }
    return copy.write(file);
  }

  @Override
  public void verify(List<Path> files) {
    copy.verify(files);
  }
}

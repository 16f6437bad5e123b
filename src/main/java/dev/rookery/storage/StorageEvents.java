package dev.rookery.storage;

import dev.rookery.store.Transaction;
import java.util.List;

/** Appends the names of changed objects to the stream of all objects. */
final class StorageEvents {
  private static final int NAMES_MAX = 256;

  private StorageEvents() {}

  static void append(Transaction tx, List<ObjectName> changed) {
    for (int from = 0; from < changed.size(); from += NAMES_MAX) {
      int upTo = Math.min(changed.size(), from + NAMES_MAX);
      tx.append(StorageEvent.STREAM, new StorageEvent.Changed(changed.subList(from, upTo)));
    }
  }
}

package dev.rookery.storage;

import dev.rookery.base.Event;
import java.util.List;

/**
 * Changes of objects, on one stream for all of them; caches follow it. It carries no content, which
 * only those may read who have access.
 */
public sealed interface StorageEvent extends Event {
  /** The stream of these events. */
  String STREAM = "storage";

  /** Objects were written or deleted; all changes of one commit are few events. */
  record Changed(List<ObjectName> objects) implements StorageEvent {
    public Changed {
      objects = List.copyOf(objects);
    }
  }
}

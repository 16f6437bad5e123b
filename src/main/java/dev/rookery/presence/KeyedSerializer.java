package dev.rookery.presence;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Does one thing at a time for each key, in the order of the calls. Confined to the context of one
 * verticle on virtual threads; a call that waits parks.
 */
final class KeyedSerializer<K> {
  private final Map<K, Future<Void>> last = new HashMap<>();

  <T> T run(K key, Supplier<T> work) {
    Promise<Void> mine = Promise.promise();
    Future<Void> before = last.put(key, mine.future());
    if (before != null) {
      before.await();
    }
    try {
      return work.get();
    } finally {
      last.remove(key, mine.future());
      mine.complete();
    }
  }

  /** With all of the keys at once. Every caller names them in the same order. */
  <T> T runWithAll(List<K> keys, Supplier<T> work) {
    return keys.isEmpty()
        ? work.get()
        : run(keys.getFirst(), () -> runWithAll(keys.subList(1, keys.size()), work));
  }
}

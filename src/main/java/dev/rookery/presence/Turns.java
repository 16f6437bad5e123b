package dev.rookery.presence;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * One thing at a time for each key, in the order of asking. Confined to the context of one verticle
 * on virtual threads; whoever waits parks.
 */
final class Turns<K> {
  private final Map<K, Future<Void>> last = new HashMap<>();

  <T> T take(K key, Supplier<T> work) {
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

  /** The turns of all of them at once. Everybody who does so names them in the same order. */
  <T> T takeAll(List<K> keys, Supplier<T> work) {
    return keys.isEmpty()
        ? work.get()
        : take(keys.getFirst(), () -> takeAll(keys.subList(1, keys.size()), work));
  }
}

package dev.rookery.session;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A bounded cache that drops entries not used lately. Safe on any thread; reads never block.
 *
 * <p>It has two generations. Entries go into the young one; when that reaches half of the bound it
 * becomes the old one, and the previous old one is dropped. An entry found in the old generation
 * moves to the young one.
 */
final class GenerationalCache<K, V> {
  private final int generationMax;
  private volatile Map<K, V> young = new ConcurrentHashMap<>();
  private volatile Map<K, V> old = new ConcurrentHashMap<>();

  GenerationalCache(int entriesMax) {
    this.generationMax = Math.max(1, entriesMax / 2);
  }

  @Nullable V get(K key) {
    V found = young.get(key);
    if (found == null) {
      found = old.get(key);
      if (found != null) {
        put(key, found);
      }
    }
    return found;
  }

  void put(K key, V value) {
    young.put(key, value);
    if (young.size() >= generationMax) {
      rotate();
    }
  }

  void remove(K key) {
    young.remove(key);
    old.remove(key);
  }

  private synchronized void rotate() {
    if (young.size() >= generationMax) {
      old = young;
      young = new ConcurrentHashMap<>();
    }
  }
}

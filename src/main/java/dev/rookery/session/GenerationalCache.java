package dev.rookery.session;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A bounded map that forgets what was not asked for lately. Safe on any thread, and never blocks a
 * reader.
 *
 * <p>Two generations: entries go into the young one; when that holds half of the bound it becomes
 * the old one, and what was old before is dropped. An entry found in the old one moves to the
 * young.
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
      age();
    }
  }

  void remove(K key) {
    young.remove(key);
    old.remove(key);
  }

  private synchronized void age() {
    if (young.size() >= generationMax) {
      old = young;
      young = new ConcurrentHashMap<>();
    }
  }
}

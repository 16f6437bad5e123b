package dev.rookery.match;

import dev.rookery.match.Games.Version;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Reads static files of games, and keeps those that were read last: their names for {@value
 * #VERSIONS_MAX} versions, and {@value #BYTES_MAX} bytes of contents. Which versions have files is
 * told to it, so that a request for another one does not reach the database.
 */
final class GameFileCache {
  private static final int VERSIONS_MAX = 32;
  private static final long BYTES_MAX = 32 << 20;

  private final GameFileStore store;
  private final BuiltinFiles builtin = BuiltinFiles.read();
  private final ReentrantLock lock = new ReentrantLock();
  private final LinkedHashMap<String, Map<String, String>> names =
      new LinkedHashMap<>(16, 0.75f, true);
  private final LinkedHashMap<String, byte[]> contents = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;
  private volatile Map<Version, String> present = Map.of();

  GameFileCache(GameFileStore store) {
    this.store = store;
  }

  /** From now on these versions have files; by the digest of all of them. */
  void setPresent(Map<Version, String> versions) {
    present = Map.copyOf(versions);
  }

  boolean hasPage(Version version) {
    return present.containsKey(version) || builtin.has(version);
  }

  /** Blocks. */
  Optional<StaticFile> find(Version version, String path) {
    String all = present.get(version);
    if (all == null) {
      return Optional.ofNullable(builtin.find(version, path));
    }
    String digest = names(version, all).get(path);
    if (digest == null) {
      return Optional.empty();
    }
    byte[] known = content(digest);
    return known != null
        ? Optional.of(new StaticFile(path, digest, known))
        : store
            .content(version.gameKey(), version.version(), path, digest)
            .map(
                content -> {
                  keep(digest, content);
                  return new StaticFile(path, digest, content);
                });
  }

  private Map<String, String> names(Version version, String all) {
    lock.lock();
    try {
      Map<String, String> known = names.get(all);
      if (known != null) {
        return known;
      }
    } finally {
      lock.unlock();
    }
    Map<String, String> read = store.digests(version.gameKey(), version.version());
    lock.lock();
    try {
      if (!read.isEmpty()) {
        names.put(all, read);
      }
      if (names.size() > VERSIONS_MAX) {
        removeEldest(names);
      }
    } finally {
      lock.unlock();
    }
    return read;
  }

  private byte @Nullable [] content(String digest) {
    lock.lock();
    try {
      return contents.get(digest);
    } finally {
      lock.unlock();
    }
  }

  private void keep(String digest, byte[] content) {
    lock.lock();
    try {
      if (contents.put(digest, content) == null) {
        bytes += content.length;
      }
      while (bytes > BYTES_MAX) {
        bytes -= removeEldest(contents).length;
      }
    } finally {
      lock.unlock();
    }
  }

  private static <V> V removeEldest(LinkedHashMap<String, V> from) {
    Iterator<Map.Entry<String, V>> eldest = from.entrySet().iterator();
    V removed = eldest.next().getValue();
    eldest.remove();
    return removed;
  }
}

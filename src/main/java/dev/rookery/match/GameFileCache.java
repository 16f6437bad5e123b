package dev.rookery.match;

import dev.rookery.bus.OwnThread;
import dev.rookery.match.Games.Version;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
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

  /** How many files are read at the same time; each takes several times its size meanwhile. */
  private static final int LOADS_MAX = 4;

  private final GameFileStore store;
  private final BuiltinFiles builtin = BuiltinFiles.read();
  private final ReentrantLock lock = new ReentrantLock();
  private final LinkedHashMap<String, Future<Map<String, String>>> names =
      new LinkedHashMap<>(16, 0.75f, true);
  private final LinkedHashMap<String, byte[]> contents = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<Wanted, Future<Optional<byte[]>>> loading = new HashMap<>();
  private final Semaphore loads = new Semaphore(LOADS_MAX);
  private long bytes;
  private volatile Map<Version, String> present = Map.of();

  private record Wanted(Version version, String path, String digest) {}

  GameFileCache(GameFileStore store) {
    this.store = store;
  }

  /** From now on these versions have files; by the digest of all of them. */
  void setPresent(Map<Version, String> versions) {
    present = Map.copyOf(versions);
    lock.lock();
    try {
      names.values().removeIf(GameFileCache::isWorthAnotherRead);
    } finally {
      lock.unlock();
    }
  }

  /** The read has failed, or has found none of the files of the version; not for each request. */
  private static boolean isWorthAnotherRead(Future<Map<String, String>> read) {
    return read.failed() || (read.succeeded() && read.result().isEmpty());
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
    String digest = names(version, all).await().get(path);
    if (digest == null) {
      return Optional.empty();
    }
    return content(version, path, digest)
        .await()
        .map(content -> new StaticFile(path, digest, content));
  }

  /** Kept, or read once for all who ask for it meanwhile. */
  private Future<Optional<byte[]>> content(Version version, String path, String digest) {
    lock.lock();
    try {
      byte[] known = contents.get(digest);
      return known == null
          ? loading.computeIfAbsent(new Wanted(version, path, digest), this::load)
          : Future.succeededFuture(Optional.of(known));
    } finally {
      lock.unlock();
    }
  }

  private Future<Optional<byte[]>> load(Wanted wanted) {
    return OwnThread.run(
        "game file",
        () -> {
          Optional<byte[]> read = Optional.empty();
          try {
            read = readInTurn(wanted);
          } finally {
            loaded(wanted, read.orElse(null));
          }
          return read;
        });
  }

  private Optional<byte[]> readInTurn(Wanted wanted) throws InterruptedException {
    loads.acquire();
    try {
      Version version = wanted.version;
      return store.content(version.gameKey(), version.version(), wanted.path, wanted.digest);
    } finally {
      loads.release();
    }
  }

  /** Kept, or read once for all who ask for them meanwhile. */
  private Future<Map<String, String>> names(Version version, String all) {
    lock.lock();
    try {
      Future<Map<String, String>> known = names.get(all);
      if (known == null) {
        known =
            OwnThread.run(
                "names of game files", () -> store.digests(version.gameKey(), version.version()));
        names.put(all, known);
      }
      if (names.size() > VERSIONS_MAX) {
        removeEldest(names);
      }
      return known;
    } finally {
      lock.unlock();
    }
  }

  private void loaded(Wanted wanted, byte @Nullable [] content) {
    lock.lock();
    try {
      loading.remove(wanted);
      if (content != null && contents.put(wanted.digest, content) == null) {
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

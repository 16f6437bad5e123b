package dev.rookery.console;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Keeps what was found for the digest of a credential, for {@value #TTL_MS} ms after it was asked
 * for: what is ended on any node has no effect on any node after that, whatever the bus loses. It
 * serves any thread and never blocks.
 */
final class CredentialCache<V> {
  private static final int TTL_MS = 900;
  private static final int ENTRIES_MAX = 1_000;

  private final InstantSource clock;
  private final Cache<String, Found<V>> cache =
      Caffeine.newBuilder().executor(Runnable::run).maximumSize(ENTRIES_MAX).build();

  CredentialCache(InstantSource clock) {
    this.clock = clock;
  }

  Future<Optional<V>> find(String digest, Supplier<Future<Optional<V>>> ask) {
    long now = clock.millis();
    Found<V> known = cache.getIfPresent(digest);
    if (known != null && now - known.askedMs < TTL_MS) {
      return Future.succeededFuture(known.value);
    }
    return ask.get().onSuccess(value -> cache.put(digest, new Found<>(value, now)));
  }

  /** Asks again at the next use, after this node has changed what it finds. */
  void forget(String digest) {
    cache.invalidate(digest);
  }

  private record Found<V>(Optional<V> value, long askedMs) {}
}

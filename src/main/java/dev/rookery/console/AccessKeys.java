package dev.rookery.console;

import dev.rookery.bus.Bus;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the access key of a request, and counts how often keys are used. One instance serves a
 * node, on any thread; it never blocks.
 *
 * <p>A key and the role of its maker are read again as {@link CredentialCache} says: what is
 * revoked on any node is refused on every node within a second.
 */
public final class AccessKeys {
  /** With what every key begins, so that scanners of published code find it. */
  public static final String PREFIX = "rk_";

  private static final int TOKEN_MAX = 100;
  private static final int COUNTED_MAX = 2_000;

  private final Bus bus;
  private final InstantSource clock;
  private final MeterRegistry meters;
  private final CredentialCache<AccessKey.Rights> cache;
  private final Map<Counted, AccessKey.Uses> uses = new HashMap<>();

  public AccessKeys(Bus bus, InstantSource clock, MeterRegistry meters) {
    this.bus = bus;
    this.clock = clock;
    this.cache = new CredentialCache<>(clock);
    this.meters = meters;
  }

  /** Whether a bearer token is an access key, valid or not. */
  public static boolean isKey(String token) {
    return token.startsWith(PREFIX);
  }

  /** Returns what the key may do now; null if it is not valid. */
  public Future<AccessKey.@Nullable Rights> find(String token) {
    if (!isKey(token) || token.length() > TOKEN_MAX) {
      return Future.succeededFuture(null);
    }
    String digest = ConsoleSessions.digest(token);
    return cache
        .find(digest, () -> bus.ask(new KeyCommand.FindRights(digest)))
        .map(found -> found.orElse(null));
  }

  /** Counts a request that is refused before its route is asked, by the code of the refusal. */
  public void refused(String code) {
    count(code);
  }

  private void count(String result) {
    Counter.builder("rookery.access.key.requests")
        .description("Requests with access keys")
        .tag("result", result)
        .register(meters)
        .increment();
  }

  /** Counts a use of a key. */
  public void used(AccessKey.Rights key, String address) {
    count("admitted");
    long now = clock.millis();
    add(new AccessKey.Uses(key.id(), KeyStore.day(now), 1, now, address));
  }

  /** Returns what was counted, and counts from 0 again. */
  List<AccessKey.Uses> takeUses() {
    synchronized (uses) {
      var taken = new ArrayList<>(uses.values());
      uses.clear();
      return taken;
    }
  }

  /** Counts what could not be written. */
  void putBack(List<AccessKey.Uses> unwritten) {
    unwritten.forEach(this::add);
  }

  private void add(AccessKey.Uses more) {
    synchronized (uses) {
      var counted = new Counted(more.id(), more.day());
      if (uses.size() < COUNTED_MAX || uses.containsKey(counted)) {
        uses.merge(counted, more, AccessKeys::sum);
      }
    }
  }

  private static AccessKey.Uses sum(AccessKey.Uses one, AccessKey.Uses other) {
    AccessKey.Uses later = one.usedMs() > other.usedMs() ? one : other;
    return new AccessKey.Uses(
        one.id(), one.day(), one.calls() + other.calls(), later.usedMs(), later.address());
  }

  private record Counted(String id, long day) {}
}

package dev.rookery.protocol.gamend;

import dev.rookery.base.CidrBlock;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.console.AccessKey;
import dev.rookery.console.AccessKeys;
import dev.rookery.edge.FixedWindowLimiter;
import dev.rookery.session.Session;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Authenticates access keys. Each has a rate limit of its own on a node, beside that of the address
 * it is used from, so that one program of an office does not hold up the others.
 */
final class KeyAuthentication {
  private static final Duration WINDOW = Duration.ofMinutes(1);
  private static final int KEYS_MAX = 2_000;

  private final AccessKeys keys;
  private final @Nullable FixedWindowLimiter limiter;

  /**
   * @param requestsPerMinute of one key on this node; 0 for no limit
   */
  KeyAuthentication(AccessKeys keys, int requestsPerMinute, InstantSource clock) {
    this.keys = keys;
    this.limiter =
        requestsPerMinute == 0
            ? null
            : new FixedWindowLimiter(requestsPerMinute, WINDOW, KEYS_MAX, clock);
  }

  /**
   * Returns the session of a key. Fails with {@code Denied("invalid_token")}, {@code
   * Denied("access_key_address")} from an address outside its networks, or {@code
   * Limited("access_key_limit")}.
   */
  Future<Session> authenticate(String token, String address) {
    return keys.find(token)
        .compose(found -> admit(found, address))
        .onFailure(
            failure ->
                keys.refused(failure instanceof Refused no ? no.refusal().code() : "failed"));
  }

  private Future<Session> admit(AccessKey.@Nullable Rights key, String address) {
    if (key == null) {
      return Future.failedFuture(Refused.denied("invalid_token"));
    }
    if (!key.networks().isEmpty()
        && key.networks().stream().noneMatch(one -> CidrBlock.parse(one).contains(address))) {
      return Future.failedFuture(Refused.denied("access_key_address"));
    }
    long waitMs = limiter == null ? 0 : limiter.retryAfterMs(key.id());
    if (waitMs > 0) {
      return Future.failedFuture(
          new Refused(new Refusal.Limited("access_key_limit", Duration.ofMillis(waitMs))));
    }
    keys.used(key, address);
    return Future.succeededFuture(Session.of(key));
  }
}

package dev.rookery.auth;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.cache.SharedCounters;
import dev.rookery.cache.SharedCounters.BackOff;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Slows down whoever tries passwords. Attempts are counted before their outcome is known, so that
 * many at once gain nothing, and are forgotten once one of them is right.
 *
 * <p>Three counts are kept: of an account from one address, which soon has to wait for minutes; of
 * an address with whatever account, which catches lists of stolen passwords; and of an account from
 * anywhere, which catches many addresses together. The last one never waits long, and not at all
 * where the player has a session already, so that nobody can lock him out of his own account. An
 * account is what was typed, whether or not it exists.
 */
public final class SignInThrottle {
  private static final Duration RESET_AFTER = Duration.ofHours(1);
  private static final BackOff ACCOUNT_AT_ADDRESS =
      new BackOff(5, Duration.ofSeconds(2), Duration.ofMinutes(15), RESET_AFTER);
  private static final BackOff ACCOUNT =
      new BackOff(50, Duration.ofSeconds(1), Duration.ofSeconds(10), RESET_AFTER);
  private static final BackOff ADDRESS =
      new BackOff(100, Duration.ofSeconds(1), Duration.ofMinutes(5), RESET_AFTER);
  private static final BackOff EMAILS_TO_ADDRESS =
      new BackOff(5, Duration.ofMinutes(1), Duration.ofHours(1), Duration.ofHours(6));
  private static final BackOff EMAILS_FROM_NETWORK =
      new BackOff(50, Duration.ofSeconds(5), Duration.ofMinutes(5), RESET_AFTER);
  private static final int DIGEST_BYTES = 16;

  private final @Nullable SharedCounters shared;
  private final MeterRegistry meters;

  /**
   * @param shared null to let everybody try as often as he likes
   */
  public SignInThrottle(@Nullable SharedCounters shared, MeterRegistry meters) {
    this.shared = shared;
    this.meters = meters;
  }

  /**
   * {@code Limited("too_many_attempts")} with when to come back, if it is too early for one.
   *
   * @param isKnown whether the account is in use at this address: attempts from elsewhere are then
   *     no reason to wait
   */
  void beginAttempt(String account, Client client, BooleanSupplier isKnown) {
    String named = digest(account);
    refuseIfDelayed(
        "account at address", countAttempt(accountAtAddressKey(named, client), ACCOUNT_AT_ADDRESS));
    refuseIfDelayed("address", countAttempt("address:" + client.network(), ADDRESS));
    long waitMs = countAttempt("account:" + named, ACCOUNT);
    if (waitMs > 0 && !isKnown.getAsBoolean()) {
      refuseIfDelayed("account", waitMs);
    }
  }

  /** The same for one who is signed in, wherever he is. */
  void beginAttempt(String account) {
    refuseIfDelayed("account", countAttempt("attempt:" + digest(account), ACCOUNT_AT_ADDRESS));
  }

  void recordSuccess(String account) {
    if (shared != null) {
      shared.forget("attempt:" + digest(account)).await();
    }
  }

  /** Whether an address may get one more letter, and a network ask for one. */
  boolean allowsEmail(String email, Client client) {
    return countAttempt("letter:" + digest(email), EMAILS_TO_ADDRESS) == 0
        && countAttempt("letters:" + client.network(), EMAILS_FROM_NETWORK) == 0;
  }

  /** The password was right. What the address did with other accounts stays. */
  void recordSuccess(String account, Client client) {
    String named = digest(account);
    if (shared != null) {
      shared.forget(accountAtAddressKey(named, client)).await();
      shared.forget("account:" + named).await();
    }
  }

  private long countAttempt(String key, BackOff rule) {
    return shared == null ? 0 : shared.attempt(key, rule).await();
  }

  private void refuseIfDelayed(String limit, long waitMs) {
    if (waitMs > 0) {
      Counter.builder("rookery.sign.in.held.back")
          .description("Attempts at a password that came too early, by the limit they met")
          .tag("limit", limit)
          .register(meters)
          .increment();
      throw new Refused(new Refusal.Limited("too_many_attempts", Duration.ofMillis(waitMs)));
    }
  }

  private static String accountAtAddressKey(String named, Client client) {
    return "attempt:" + named + ":" + client.network();
  }

  /** Redis is to hold no addresses of people. */
  private static String digest(String account) {
    try {
      byte[] whole =
          MessageDigest.getInstance("SHA-256").digest(account.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(whole, 0, DIGEST_BYTES);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}

package dev.rookery.auth;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.base.Sha256;
import dev.rookery.cache.SharedCounters;
import dev.rookery.cache.SharedCounters.BackOff;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Delays repeated password attempts and limits how many emails are requested. An attempt is counted
 * before its outcome is known, so parallel attempts gain nothing; a successful one resets the
 * counts of its account.
 *
 * <p>Three counts apply to a password attempt:
 *
 * <ul>
 *   <li>the account at one network address, which soon waits for minutes;
 *   <li>the address with any account, against lists of stolen passwords;
 *   <li>the account from any address, against distributed guessing. This one never waits longer
 *       than ten seconds, and not at all at an address where the player has a session, so that an
 *       attacker cannot lock a player out of their own account.
 * </ul>
 *
 * <p>An account is the text that was typed, whether or not it exists.
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
   * @param shared where attempts are counted; null for no limits
   */
  public SignInThrottle(@Nullable SharedCounters shared, MeterRegistry meters) {
    this.shared = shared;
    this.meters = meters;
  }

  /**
   * Counts a password attempt. Throws {@code Limited("too_many_attempts")} with the time to wait if
   * the limit is reached.
   *
   * @param hasSession whether the player has a session at this address; attempts from other
   *     addresses then cause no delay
   */
  void beginAttempt(String account, Client client, BooleanSupplier hasSession) {
    String accountDigest = digest(account);
    refuseIfDelayed(
        "account at address",
        countAttempt(accountAtAddressKey(accountDigest, client), ACCOUNT_AT_ADDRESS));
    refuseIfDelayed("address", countAttempt("address:" + client.network(), ADDRESS));
    long waitMs = countAttempt("account:" + accountDigest, ACCOUNT);
    if (waitMs > 0 && !hasSession.getAsBoolean()) {
      refuseIfDelayed("account", waitMs);
    }
  }

  /** Counts an attempt of a signed-in player to confirm their password, from any address. */
  void beginAttempt(String account) {
    refuseIfDelayed("account", countAttempt("attempt:" + digest(account), ACCOUNT_AT_ADDRESS));
  }

  /** Resets the count of {@link #beginAttempt(String)}. */
  void recordSuccess(String account) {
    if (shared != null) {
      shared.reset("attempt:" + digest(account)).await();
    }
  }

  /**
   * Counts an email request. Returns false if the email address has received, or the network has
   * requested, too many.
   */
  boolean allowsEmail(String email, Client client) {
    return countAttempt("email to:" + digest(email), EMAILS_TO_ADDRESS) == 0
        && countAttempt("emails from:" + client.network(), EMAILS_FROM_NETWORK) == 0;
  }

  /**
   * Resets the counts of the account. The count of the address stays, for it may try other
   * accounts.
   */
  void recordSuccess(String account, Client client) {
    String accountDigest = digest(account);
    if (shared != null) {
      shared.reset(accountAtAddressKey(accountDigest, client)).await();
      shared.reset("account:" + accountDigest).await();
    }
  }

  /** Returns how long to wait in milliseconds, 0 if the attempt is allowed. */
  private long countAttempt(String key, BackOff rule) {
    return shared == null ? 0 : shared.tryAttempt(key, rule).await();
  }

  private void refuseIfDelayed(String limit, long waitMs) {
    if (waitMs > 0) {
      Counter.builder("rookery.sign.in.held.back")
          .description("Password attempts refused because of a rate limit, by the limit")
          .tag("limit", limit)
          .register(meters)
          .increment();
      throw new Refused(new Refusal.Limited("too_many_attempts", Duration.ofMillis(waitMs)));
    }
  }

  private static String accountAtAddressKey(String accountDigest, Client client) {
    return "attempt:" + accountDigest + ":" + client.network();
  }

  /** Keeps email addresses out of Redis. */
  private static String digest(String account) {
    return Sha256.hex(account, DIGEST_BYTES);
  }
}

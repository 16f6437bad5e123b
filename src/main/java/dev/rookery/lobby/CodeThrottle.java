package dev.rookery.lobby;

import dev.rookery.base.ClientNetwork;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.cache.SharedCounters;
import dev.rookery.cache.SharedCounters.BackOff;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Delays players and client networks that enter many wrong codes or passwords of lobbies. A code
 * has six digits, so without this it is found by trying.
 *
 * <p>An entry is counted before its outcome is known, so that parallel entries gain nothing. Only
 * wrong ones stay counted: many players behind one address may join at once. A right one resets the
 * count of its player; the network's count stays, for otherwise a lobby of one's own would reset
 * it.
 */
final class CodeThrottle {
  private static final BackOff PLAYER =
      new BackOff(20, Duration.ofSeconds(2), Duration.ofMinutes(5), Duration.ofMinutes(15));
  // The longest delay is short, because an attacker causes it to everybody at the address.
  private static final BackOff NETWORK =
      new BackOff(100, Duration.ofSeconds(1), Duration.ofMinutes(1), Duration.ofMinutes(30));

  private final @Nullable SharedCounters shared;

  /**
   * @param shared where entries are counted; null for no limits
   */
  CodeThrottle(@Nullable SharedCounters shared) {
    this.shared = shared;
  }

  /**
   * Runs an operation that checks a code or a password. {@code Limited("too_many_attempts")},
   * without running it, if the player or the network has to wait.
   *
   * @param clientAddress null if unknown; then only the player is counted
   * @param isRight whether the result proves that what was entered was right
   */
  <R> R enter(
      PlayerId player,
      @Nullable String clientAddress,
      Supplier<R> operation,
      Predicate<R> isRight) {
    SharedCounters counters = shared;
    if (counters == null) {
      return operation.get();
    }
    String playerKey = "lobby code:player:" + player.value();
    String networkKey =
        clientAddress == null ? null : "lobby code:network:" + ClientNetwork.of(clientAddress);
    refuseIfDelayed(counters.tryAttempt(playerKey, PLAYER).await());
    if (networkKey != null) {
      long waitMs = counters.tryAttempt(networkKey, NETWORK).await();
      if (waitMs > 0) {
        takeBack(counters, playerKey);
        refuseIfDelayed(waitMs);
      }
    }
    R result;
    try {
      result = operation.get();
    } catch (RuntimeException failed) {
      if (!isWrong(failed)) {
        takeBack(counters, playerKey);
        takeBack(counters, networkKey);
      }
      throw failed;
    }
    if (isRight.test(result)) {
      counters.reset(playerKey).await();
    } else {
      takeBack(counters, playerKey);
    }
    takeBack(counters, networkKey);
    return result;
  }

  /** Other refusals, such as of a full lobby, say nothing about what was entered. */
  private static boolean isWrong(RuntimeException failed) {
    return failed instanceof Refused refused
        && switch (refused.refusal().code()) {
          case "not_found", "lobby_not_found", "private", "invalid_password" -> true;
          default -> false;
        };
  }

  private static void takeBack(SharedCounters counters, @Nullable String key) {
    if (key != null) {
      counters.takeBack(key).await();
    }
  }

  private static void refuseIfDelayed(long waitMs) {
    if (waitMs > 0) {
      throw new Refused(new Refusal.Limited("too_many_attempts", Duration.ofMillis(waitMs)));
    }
  }
}

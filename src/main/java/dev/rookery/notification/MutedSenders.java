package dev.rookery.notification;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Transaction;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Players whom an admin has muted, and who write to nobody: neither messages nor the notifications
 * that players send to friends and groups.
 */
public final class MutedSenders {
  /** The end of a mute without an end. */
  public static final long FOR_EVER = Long.MAX_VALUE;

  private final MutedSenderStore store = new MutedSenderStore();

  /** Until when those of at most {@link Placeholders#MANY_MAX} players are muted who are. */
  public Map<PlayerId, Long> among(Transaction tx, Collection<PlayerId> players) {
    return store.among(tx, players);
  }

  /** As {@link #mustNotBeMuted(Long)}, for one player. */
  public void mustNotBeMuted(Transaction tx, PlayerId sender) {
    mustNotBeMuted(among(tx, List.of(sender)).get(sender));
  }

  /**
   * {@code Denied("muted")} with the time when the sender may write again, if there is one.
   *
   * @param untilMs null if the sender is not muted
   */
  public static void mustNotBeMuted(@Nullable Long untilMs) {
    if (untilMs != null) {
      throw new Refused(
          new Refusal.Denied(
              "muted", untilMs == FOR_EVER ? Map.of() : Map.of("muted_until_ms", untilMs)));
    }
  }
}

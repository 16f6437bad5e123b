package dev.rookery.auth;

import dev.rookery.auth.SessionStore.NewSession;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.base.SessionId;
import dev.rookery.bus.Bus;
import dev.rookery.player.Ban;
import dev.rookery.player.Identity;
import dev.rookery.store.Transaction;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/**
 * The last step of every way in: who is not banned gets a session, and whoever then has too many
 * loses those he has not used for longest.
 *
 * <p>The transaction holds the player's row by then, so that a ban comes before it, and is seen, or
 * after it, and ends the session; and so that of two sign-ins at once the second counts the first.
 */
final class Entrance {
  private final Bus bus;
  private final SessionStore sessions;
  private final AuthSettings settings;
  private final InstantSource clock;

  Entrance(Bus bus, SessionStore sessions, AuthSettings settings, InstantSource clock) {
    this.bus = bus;
    this.sessions = sessions;
    this.settings = settings;
    this.clock = clock;
  }

  boolean isOpenTo(Identity player) {
    Ban ban = player.ban();
    return ban == null || !ban.isActive(clock.millis());
  }

  /** {@code Denied("account_banned")} with the reason and the end, if the player is kept out. */
  Identity check(Identity player) {
    Ban ban = player.ban();
    if (ban == null || !ban.isActive(clock.millis())) {
      return player;
    }
    Long until = ban.untilMs();
    String end =
        until == null ? "" : Instant.ofEpochMilli(until).truncatedTo(ChronoUnit.SECONDS).toString();
    throw new Refused(
        new Refusal.Denied("account_banned", Map.of("message", ban.reason(), "banned_until", end)));
  }

  /** Answers which sessions ended for it, to be {@link #tell told} after the commit. */
  List<SessionId> enter(Transaction tx, String kind, List<NewSession> opened) {
    sessions.insert(tx, kind, opened, settings.sessionLifetime());
    return sessions.endExcess(
        tx, opened.stream().map(NewSession::player).distinct().toList(), settings.sessionsMax());
  }

  void tell(List<SessionId> ended) {
    SessionEndBroadcast.publish(bus, ended);
  }
}

package dev.rookery.auth;

import dev.rookery.auth.SessionStore.NewSession;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.base.SessionId;
import dev.rookery.bus.Bus;
import dev.rookery.player.AccountEvent;
import dev.rookery.player.Ban;
import dev.rookery.player.Identity;
import dev.rookery.player.Players;
import dev.rookery.store.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Opens the sessions of all sign-in methods. A player who is banned gets none; a player who has too
 * many then loses the least recently used ones.
 *
 * <p>The transaction has locked the player's row by then. A ban is therefore either committed
 * before, and seen, or comes after and ends the session; and the second of two sign-ins at the same
 * time counts the session of the first.
 */
final class SessionOpener {
  private final Bus bus;
  private final SessionStore sessions;
  private final AuthSettings settings;
  private final InstantSource clock;
  private final Players players;
  private final PlaySessionStore playSessions;

  SessionOpener(Bus bus, SessionStore sessions, AuthSettings settings, InstantSource clock) {
    this.bus = bus;
    this.sessions = sessions;
    this.settings = settings;
    this.clock = clock;
    this.players = new Players(clock);
    this.playSessions = new PlaySessionStore(sessions);
  }

  /**
   * {@code Denied("account_banned")} with the reason and the end of the ban, which is empty for a
   * permanent one.
   */
  Identity requireNotBanned(Identity player) {
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

  /** Answers the sessions that ended for it, to be {@link #publishEnded} after the commit. */
  List<SessionId> open(Transaction tx, String kind, List<NewSession> opened) {
    return open(tx, kind, opened, settings.sessionLifetime());
  }

  /** As the other one, for sessions that end after {@code lifetime} at the latest. */
  List<SessionId> open(Transaction tx, String kind, List<NewSession> opened, Duration lifetime) {
    sessions.insert(tx, kind, opened, lifetime);
    AccountEvent.append(
        tx,
        AccountEvent.SignedIn.class,
        players,
        opened.stream().map(NewSession::player).toList(),
        AccountEvent.SignedIn::new);
    var ended =
        new ArrayList<>(
            sessions.endExcess(
                tx,
                opened.stream().map(NewSession::player).distinct().toList(),
                settings.sessionsMax()));
    ended.addAll(playSessions.endGames(tx, ended));
    return ended;
  }

  void publishEnded(List<SessionId> ended) {
    SessionEndBroadcast.publish(bus, ended);
  }
}

package dev.rookery.auth;

import dev.rookery.base.FieldErrors;
import dev.rookery.base.Refused;
import dev.rookery.base.SessionId;
import dev.rookery.console.Grants;
import dev.rookery.player.Credentials;
import dev.rookery.store.Database;
import java.time.InstantSource;
import java.util.List;

/** Bans players and lifts bans. */
final class Bans {
  private static final int REASON_MAX = 500;

  private final Database database;
  private final Credentials credentials;
  private final SessionStore sessions;
  private final InstantSource clock;
  private final Grants grants;

  Bans(Database database, Credentials credentials, SessionStore sessions, InstantSource clock) {
    this.database = database;
    this.credentials = credentials;
    this.sessions = sessions;
    this.clock = clock;
    this.grants = new Grants(clock);
  }

  /** Bans a player and returns the sessions that ended. */
  List<SessionId> ban(AuthCommand.Ban ban) {
    if (ban.by().equals(ban.player())) {
      throw Refused.conflict("cannot_ban_self");
    }
    var errors = new FieldErrors().visibleLines("reason", ban.reason(), REASON_MAX);
    Long until = ban.untilMs();
    if (until != null && until <= clock.millis()) {
      errors.add("until", "must be in the future");
    }
    errors.refuse();
    grants.requireRank(database, ban.player());
    grants.requireBanLength(database, until, clock.millis());
    return database.write(
        tx -> {
          if (!credentials.ban(tx, ban.player(), ban.reason(), until)) {
            throw Refused.missing("not_found");
          }
          return sessions.endAll(tx, ban.player(), null);
        });
  }

  void lift(AuthCommand.LiftBan lift) {
    grants.requireRank(database, lift.player());
    boolean found = database.write(tx -> credentials.liftBan(tx, lift.player()));
    if (!found) {
      throw Refused.missing("not_found");
    }
  }
}

package dev.rookery.console;

import dev.rookery.base.Ids;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.bus.Done;
import dev.rookery.store.Database;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Invites players to roles. */
final class Invites {
  private static final int OF_AN_ADMIN_MAX = 50;
  private static final int EMAIL_MAX = 320;
  private static final int ID_BYTES = 9;
  private static final int TOKEN_BYTES = 32;
  private static final int TOKEN_MAX = 100;
  private static final String PATH = "/admin/invite/";

  private final Database database;
  private final InstantSource clock;
  private final Ids ids;
  private final Grants grants;
  private final GrantStore grantStore = new GrantStore();
  private final InviteStore store = new InviteStore();

  Invites(Database database, InstantSource clock, Ids ids) {
    this.database = database;
    this.clock = clock;
    this.ids = ids;
    this.grants = new Grants(clock);
  }

  Invite.Created create(ConsoleCommand.CreateInvite create) {
    String given = create.email();
    String email = given == null ? "" : given.strip();
    if (!email.isEmpty() && (email.length() > EMAIL_MAX || !email.matches("[^@\\s]+@[^@\\s]+"))) {
      throw Refused.invalid("email", "is not an email address");
    }
    String id = ids.token(ID_BYTES);
    String token = ids.token(TOKEN_BYTES);
    Invite invite =
        database.write(
            tx -> {
              grantStore.lock(tx);
              grants.requireGrantable(tx, create.by(), create.role(), create.untilMs());
              if (store.count(tx, create.by()) >= OF_AN_ADMIN_MAX) {
                throw Refused.conflict("too_many_invites");
              }
              store.insert(
                  tx,
                  id,
                  ConsoleSessions.digest(token),
                  create.by(),
                  create.role(),
                  email,
                  create.untilMs());
              return store
                  .find(tx, token, tx.now().toEpochMilli())
                  .orElseThrow(() -> Refused.missing("not_found"));
            });
    return new Invite.Created(invite, token, PATH + token);
  }

  List<Invite> list() {
    return store.list(database, clock.millis());
  }

  /** Empty as well if the admin who invites may not give the role any more. */
  Optional<Invite> find(String token) {
    return token.length() > TOKEN_MAX
        ? Optional.empty()
        : store
            .find(database, token, clock.millis())
            .filter(found -> database.write(tx -> grants.isGrantable(tx, found)));
  }

  Done cancel(String id) {
    return database.write(
        tx -> {
          PlayerId by = store.findMaker(tx, id).orElseThrow(() -> Refused.missing("not_found"));
          if (!by.equals(AuditedChange.currentAdmin())) {
            grants.requireRank(tx, by);
          }
          store.delete(tx, id);
          return Done.DONE;
        });
  }

  int sweep() {
    return database.write(store::sweep);
  }
}

package dev.rookery.player;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.bus.Done;
import dev.rookery.console.AuditedChange;
import dev.rookery.console.Grants;
import dev.rookery.console.RoleTemplate;
import dev.rookery.store.Database;
import dev.rookery.store.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * Gives roles to players and takes them away: in their grants, and in their rows, which say whether
 * they are admins.
 */
final class PlayerRoles {
  private final Database database;
  private final Players players;
  private final PlayerStore store;
  private final AccountStore accounts;
  private final Grants grants;

  PlayerRoles(Database database, Players players, AccountStore accounts, Grants grants) {
    this.database = database;
    this.players = players;
    this.store = players.store();
    this.accounts = accounts;
    this.grants = grants;
  }

  Account set(PlayerCommand.SetRole set) {
    PlayerId player = set.player();
    if (player.equals(set.by())) {
      throw Refused.conflict("cannot_demote_self");
    }
    recordBefore(player);
    return database.write(
        tx -> {
          lock(tx, player);
          return grants.set(tx, set.by(), player, set.role(), set.untilMs())
              ? setAdmin(tx, player, set.role())
              : accounts.find(tx, player).orElseThrow(PlayerRoles::notFound);
        });
  }

  Account becomeOwner(PlayerId player, String setupCode) {
    return database.write(
        tx -> {
          lock(tx, player);
          grants.claim(tx, player, setupCode);
          return setAdmin(tx, player, RoleTemplate.OWNER.name());
        });
  }

  Account acceptInvite(PlayerId player, String token) {
    return database.write(
        tx -> {
          lock(tx, player);
          return setAdmin(tx, player, grants.accept(tx, player, token));
        });
  }

  /** Takes a role whose time is over from the row of the player, too. */
  Done endExpired(PlayerId player) {
    return database.write(
        tx -> {
          if (store.lock(tx, player).isPresent() && grants.endExpired(tx, player)) {
            setAdmin(tx, player, null);
          }
          return Done.DONE;
        });
  }

  /** Has the audit log say which role the player had. */
  void recordBefore(PlayerId player) {
    AuditedChange.recordBefore(
        "role", grants.find(database, player).map(RoleTemplate::name).orElse("none"));
  }

  private void lock(Transaction tx, PlayerId player) {
    if (store.lock(tx, player).isEmpty()) {
      throw notFound();
    }
  }

  private Account setAdmin(Transaction tx, PlayerId player, @Nullable String role) {
    boolean admin = RoleTemplate.builtIn(role).filter(RoleTemplate::isAdmin).isPresent();
    Player updated =
        accounts.update(tx, player, admin, null, null).orElseThrow(PlayerRoles::notFound);
    players.appendUpdate(tx, updated);
    return accounts.find(tx, player).orElseThrow(PlayerRoles::notFound);
  }

  private static Refused notFound() {
    return Refused.missing("not_found");
  }
}

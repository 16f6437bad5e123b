package dev.rookery.console;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.store.Reader;
import dev.rookery.store.Transaction;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The roles of players as rows, for domains inside their own transactions. A change is effective on
 * all nodes within a second: every check of a session reads the role again at least that often.
 */
public final class Grants {
  /** The longest ban that a moderator may give. */
  private static final Duration MODERATOR_BAN_MAX = Duration.ofDays(30);

  private final GrantStore store = new GrantStore();
  private final ConsoleSessionStore sessions = new ConsoleSessionStore();

  /**
   * Returns SQL for the role of the player with that id, a parameter or a column with the name of
   * its table: the name of a {@link RoleTemplate}, empty for none; NULL if there is no such player.
   */
  public static String roleOf(String id) {
    return GrantStore.roleOf(id);
  }

  /**
   * Gives a player a role in place of the one they have, and ends their console sessions. The
   * caller has locked the row of the player, and sets {@code player.admin} to {@link
   * RoleTemplate#isAdmin} in the same transaction.
   *
   * <p>Refuses with {@code Denied("role_not_grantable")} what {@link RoleTemplate#mayGrant} forbids
   * the giver, and with {@code Conflict("last_owner")} to leave the server without an owner.
   *
   * @param by null for the server itself
   * @param role null to take the role
   * @return whether anything changed
   */
  public boolean set(
      Transaction tx, @Nullable PlayerId by, PlayerId player, @Nullable RoleTemplate role) {
    store.lock(tx);
    Optional<RoleTemplate> earlier = store.find(tx, player);
    if (earlier.equals(Optional.ofNullable(role))) {
      return false;
    }
    if (by != null) {
      RoleTemplate giver = store.find(tx, by).orElse(null);
      if (!mayGrant(giver, earlier.orElse(null)) || !mayGrant(giver, role)) {
        throw Refused.denied("role_not_grantable");
      }
    }
    if (earlier.filter(RoleTemplate.OWNER::equals).isPresent() && store.owners(tx) <= 1) {
      throw Refused.conflict("last_owner");
    }
    if (role == null) {
      store.remove(tx, player);
    } else {
      store.put(tx, player, role, by);
    }
    if (role == RoleTemplate.OWNER) {
      store.markOwned(tx);
    }
    store.endSessions(tx, player);
    return true;
  }

  /**
   * Makes a player the first owner. {@code Denied("invalid_code")} unless it is the setup code of a
   * node, {@code Conflict("setup_closed")} if there is or was an owner.
   */
  public void claim(Transaction tx, PlayerId player, String setupCode) {
    store.lock(tx);
    if (store.isOwned(tx)) {
      throw Refused.conflict("setup_closed");
    }
    if (!sessions.hasSetupCode(tx, SetupCode.digest(setupCode), tx.now().toEpochMilli())) {
      throw Refused.denied("invalid_code");
    }
    set(tx, null, player, RoleTemplate.OWNER);
  }

  private static boolean mayGrant(@Nullable RoleTemplate giver, @Nullable RoleTemplate role) {
    return role == null || (giver != null && giver.mayGrant(role));
  }

  /**
   * What the console keeps about a player: their role, their sessions, and what they did as an
   * admin lately; at most 300 rows.
   */
  public List<JsonObject> export(Reader reader, PlayerId player) {
    return store.export(reader, player);
  }

  /** The role of a player; empty if they have none. */
  public Optional<RoleTemplate> find(Reader reader, PlayerId player) {
    return store.find(reader, player);
  }

  /**
   * Removes everything that the console keeps about a player whose account is deleted. {@code
   * Conflict("last_owner")} if nobody else is an owner.
   */
  public void forget(Transaction tx, PlayerId player) {
    if (store.isOwner(tx, player)) {
      store.lock(tx);
      if (store.owners(tx) <= 1) {
        throw Refused.conflict("last_owner");
      }
    }
    store.remove(tx, player);
    store.forget(tx, player);
  }

  /**
   * Checks that the admin in whose scope the calling thread works may act on a player: {@code
   * Denied("role_not_grantable")} if the player has a role with permissions that the admin lacks.
   * Does nothing outside of such a scope.
   */
  public void requireRank(Reader reader, PlayerId player) {
    PlayerId admin = AuditedChange.currentAdmin();
    RoleTemplate role = admin == null ? null : store.find(reader, player).orElse(null);
    RoleTemplate own = admin == null ? null : store.find(reader, admin).orElse(null);
    if (role != null && (own == null || !own.permissions().containsAll(role.permissions()))) {
      throw Refused.denied("role_not_grantable");
    }
  }

  /**
   * Checks how long the admin in whose scope the calling thread works may ban: {@code
   * Denied("ban_too_long")} for a moderator and more than 30 days.
   *
   * @param untilMs null for ever
   */
  public void requireBanLength(Reader reader, @Nullable Long untilMs, long nowMs) {
    PlayerId admin = AuditedChange.currentAdmin();
    if (admin != null
        && store.find(reader, admin).filter(RoleTemplate.MODERATOR::equals).isPresent()
        && (untilMs == null || untilMs > nowMs + MODERATOR_BAN_MAX.toMillis())) {
      throw Refused.denied("ban_too_long");
    }
  }

  /**
   * Ends all console sessions of a player, and locks the row of the player: none is opened until
   * the transaction has ended the sessions of the player as well.
   */
  public void endSessions(Transaction tx, PlayerId player) {
    store.lockPlayer(tx, player);
    store.endSessions(tx, player);
  }
}

package dev.rookery.console;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.store.Reader;
import dev.rookery.store.Transaction;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The roles of players as rows, for domains inside their own transactions. A change is effective on
 * all nodes within a second: every check of a session reads the role again at least that often.
 */
public final class Grants {
  /** The longest ban without {@link Permission#PLAYERS_BAN_LONG}. */
  public static final Duration SHORT_BAN_MAX = Duration.ofDays(30);

  private final InstantSource clock;
  private final GrantStore store = new GrantStore();
  private final RoleStore roles = new RoleStore();
  private final InviteStore invites = new InviteStore();
  private final KeyStore keys = new KeyStore();
  private final ConsoleSessionStore sessions = new ConsoleSessionStore();

  public Grants(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * Returns SQL for the role of a player, which {@link RoleTemplate#selected} reads; NULL if there
   * is no such player. A role that has ended is none.
   *
   * @param id a parameter, or a column with the name of its table
   * @param nowMs a parameter with the time
   */
  public static String roleOf(String id, String nowMs) {
    return GrantStore.roleOf(id, nowMs);
  }

  /**
   * Gives a player a role in place of the one they have, and ends their console sessions. The
   * caller has locked the row of the player, and sets {@code player.admin} to {@link
   * RoleTemplate#isAdmin} in the same transaction.
   *
   * <p>Refuses with {@code Invalid} a {@code role} that does not exist and an end ({@code until})
   * that has passed or is an owner's, with {@code Denied("role_not_grantable")} what {@link
   * RoleTemplate#mayGrant} forbids the giver, with {@code Denied("role_outlives_yours")} a role
   * that lasts longer than that of the giver, and with {@code Conflict("last_owner")} to leave the
   * server without an owner.
   *
   * @param by null for the server itself
   * @param roleName null to take the role
   * @param untilMs when the role ends by itself; null for never
   * @return whether anything changed
   */
  public boolean set(
      Transaction tx,
      @Nullable PlayerId by,
      PlayerId player,
      @Nullable String roleName,
      @Nullable Long untilMs) {
    store.lock(tx);
    RoleTemplate role = roleName == null ? null : roles.require(tx, roleName);
    requireEnd(tx, role, untilMs);
    Optional<RoleTemplate> earlier = store.find(tx, player);
    if (earlier.map(RoleTemplate::name).equals(Optional.ofNullable(roleName))
        && Objects.equals(store.findEnd(tx, player), untilMs)) {
      return false;
    }
    if (by != null) {
      requireGrantable(tx, by, earlier.orElse(null), role, untilMs);
    }
    if (earlier.filter(RoleTemplate.OWNER::equals).isPresent() && store.owners(tx) <= 1) {
      throw Refused.conflict("last_owner");
    }
    if (role == null) {
      store.remove(tx, player);
    } else {
      store.put(tx, player, role, by, untilMs);
    }
    if (RoleTemplate.OWNER.equals(role)) {
      store.markOwned(tx);
    }
    store.endSessions(tx, player);
    return true;
  }

  private static void requireEnd(
      Transaction tx, @Nullable RoleTemplate role, @Nullable Long untilMs) {
    if (untilMs != null && untilMs <= tx.now().toEpochMilli()) {
      throw Refused.invalid("until", "must be in the future");
    }
    if (untilMs != null && RoleTemplate.OWNER.equals(role)) {
      throw Refused.invalid("until", "is not possible for owners");
    }
  }

  /**
   * Checks that an admin may give a role: {@code Invalid} or {@code Denied} as {@link #set} does.
   */
  void requireGrantable(Transaction tx, PlayerId by, String roleName, @Nullable Long untilMs) {
    RoleTemplate role = roles.require(tx, roleName);
    requireEnd(tx, role, untilMs);
    requireGrantable(tx, by, null, role, untilMs);
  }

  /** Whether the admin who invites may still give the role of the invitation. */
  boolean isGrantable(Transaction tx, Invite invite) {
    try {
      requireGrantable(tx, invite.by(), invite.role(), invite.untilMs());
      return true;
    } catch (Refused _) {
      return false;
    }
  }

  /**
   * Accepts an invitation: the player gets its role, and nobody else does with that link. {@code
   * Denied("invalid_token")}, {@code Conflict("has_role")}; and as {@link #set} where the admin who
   * invites may not give the role any more.
   *
   * @return the name of the role
   */
  public String accept(Transaction tx, PlayerId player, String token) {
    store.lock(tx);
    Invite invite =
        invites
            .find(tx, token, tx.now().toEpochMilli())
            .filter(found -> invites.delete(tx, found.id()))
            .orElseThrow(() -> Refused.denied("invalid_token"));
    if (store.find(tx, player).isPresent()) {
      throw Refused.conflict("has_role");
    }
    set(tx, invite.by(), player, invite.role(), invite.untilMs());
    return invite.role();
  }

  private void requireGrantable(
      Transaction tx,
      PlayerId by,
      @Nullable RoleTemplate earlier,
      @Nullable RoleTemplate role,
      @Nullable Long untilMs) {
    RoleTemplate giver = AuditedChange.narrowed(store.find(tx, by)).orElse(null);
    if (!mayGrant(giver, earlier) || !mayGrant(giver, role)) {
      throw Refused.denied("role_not_grantable");
    }
    Long ownEnd = store.findEnd(tx, by);
    if (role != null && ownEnd != null && (untilMs == null || untilMs > ownEnd)) {
      throw Refused.denied("role_outlives_yours");
    }
  }

  /** Removes the role of a player if it has ended, and their console sessions; false otherwise. */
  public boolean endExpired(Transaction tx, PlayerId player) {
    store.lock(tx);
    if (!store.removeExpired(tx, player)) {
      return false;
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
    set(tx, null, player, RoleTemplate.OWNER.name(), null);
  }

  private static boolean mayGrant(@Nullable RoleTemplate giver, @Nullable RoleTemplate role) {
    return role == null || (giver != null && giver.mayGrant(role));
  }

  /**
   * What the console keeps about a player: their role, their passkeys and access keys, their
   * sessions and what they did as an admin lately, and all notes about them; at most 1,000 rows.
   */
  public List<JsonObject> export(Reader reader, PlayerId player) {
    return ExportStore.read(reader, player);
  }

  /** The built-in or custom role with that name; empty if there is none. */
  public Optional<RoleTemplate> findRole(Reader reader, String name) {
    return RoleTemplate.builtIn(name).or(() -> roles.find(reader, name).map(StoredRole::template));
  }

  /** The role of a player; empty if they have none. */
  public Optional<RoleTemplate> find(Reader reader, PlayerId player) {
    return store.find(reader, player, clock.millis());
  }

  /**
   * Why an admin may not do any more what goes on without them: {@code account_banned}, {@code
   * missing_permission}; empty if they may.
   *
   * @param key the id of the access key that began it, which must still be valid and have the
   *     permission; null if the admin did
   */
  public String problem(
      Transaction tx, PlayerId admin, @Nullable String key, Permission permission) {
    String problem = store.problem(tx, admin, permission);
    return problem.isEmpty() && key != null && !mayKey(tx, key, permission)
        ? "missing_permission"
        : problem;
  }

  private boolean mayKey(Transaction tx, String key, Permission permission) {
    return keys.find(tx, key, tx.now().toEpochMilli())
        .filter(found -> found.permissions().contains(permission))
        .isPresent();
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
    RoleTemplate role = admin == null ? null : find(reader, player).orElse(null);
    RoleTemplate own =
        admin == null ? null : AuditedChange.narrowed(find(reader, admin)).orElse(null);
    if (role != null && (own == null || !own.covers(role))) {
      throw Refused.denied("role_not_grantable");
    }
  }

  /**
   * Checks that the admin in whose scope the calling thread works may write to players in the name
   * of a player: as {@link #requireRank}, and always in their own name, also with an access key
   * that may do less than they.
   */
  public void requireMayWriteAs(Reader reader, PlayerId sender) {
    if (!sender.equals(AuditedChange.currentAdmin())) {
      requireRank(reader, sender);
    }
  }

  /**
   * Checks how long the admin in whose scope the calling thread works may ban: {@code
   * Denied("ban_too_long")} for more than 30 days without {@link Permission#PLAYERS_BAN_LONG}.
   *
   * @param untilMs null for ever
   */
  public void requireBanLength(Reader reader, @Nullable Long untilMs, long nowMs) {
    PlayerId admin = AuditedChange.currentAdmin();
    if (admin != null
        && AuditedChange.narrowed(find(reader, admin))
            .filter(role -> role.may(Permission.PLAYERS_BAN_LONG))
            .isEmpty()
        && (untilMs == null || untilMs > nowMs + SHORT_BAN_MAX.toMillis())) {
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

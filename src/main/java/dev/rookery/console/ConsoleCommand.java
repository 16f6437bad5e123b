package dev.rookery.console;

import dev.rookery.base.PlayerId;
import dev.rookery.base.SessionId;
import dev.rookery.bus.Command;
import dev.rookery.bus.Done;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Commands on sessions of the console, the second factor, the first owner and the audit log. */
public sealed interface ConsoleCommand<R> extends Command<R> {
  String ADDRESS = "console";

  @Override
  default String address() {
    return ADDRESS;
  }

  /** A browser that signs in; of its user agent 200 characters are kept. */
  record Browser(String address, String userAgent, String requestId) {
    private static final int TEXT_MAX = 200;

    public Browser {
      String agent = userAgent.replaceAll("\\p{Cntrl}", "?");
      userAgent = agent.length() > TEXT_MAX ? agent.substring(0, TEXT_MAX) : agent;
    }

    /**
     * What a player is about to do to their own sign-in, for the audit log.
     *
     * @param session of the console; empty if there is none yet
     */
    public AuditedChange change(
        PlayerId player, String session, String action, Map<String, @Nullable Object> values) {
      var actor = new Actor(Actor.Kind.CONSOLE, player, session, address, requestId, null, "");
      return new AuditedChange(actor, action, "admins/" + player, values);
    }
  }

  /**
   * Opens a session of the console for a player who has signed in. {@code Denied("no_role")},
   * {@code Denied("factor_required")} if a second factor is set up and {@code code} is blank,
   * {@code Denied("invalid_code")}, {@code Denied("sign_in_ended")}, {@code
   * Denied("oidc_required")} if the player must sign in at the identity provider of admins, {@code
   * Limited("too_many_attempts")}.
   *
   * <p>A command that ends all sessions of the player ends this one too, or comes first and has it
   * refused, also when both run at once.
   *
   * @param signIn the session of the player in the browser
   * @param code of the second factor, or a recovery code
   */
  record OpenSession(PlayerId player, SessionId signIn, String code, Browser browser)
      implements ConsoleCommand<OpenedSession> {
    @Override
    public String toString() {
      return "OpenSession[" + player + "]";
    }
  }

  /**
   * An opened session.
   *
   * @param token the secret of the cookie; stored is only its digest
   */
  record OpenedSession(String token, boolean enrolling) {
    @Override
    public String toString() {
      return "OpenedSession";
    }
  }

  /**
   * Returns the open session with this digest, whose player has a role.
   *
   * @param used whether a request uses it, which begins its idle time anew; an open socket does not
   */
  record FindSession(String digest, boolean used)
      implements ConsoleCommand<Optional<FoundSession>> {}

  /**
   * A session and the rights of its player now.
   *
   * @param factorMs when the second factor was given last, 0 if never; now for a player who has
   *     none and needs none
   */
  record FoundSession(PlayerId player, RoleTemplate role, long factorMs, boolean enrolling) {}

  /** Ends a session, if it is the player's own. */
  record EndSession(PlayerId player, String session) implements ConsoleCommand<Done> {}

  /** The open sessions of a player, the latest used first; at most 100. */
  record ListSessions(PlayerId player) implements ConsoleCommand<List<ConsoleSession>> {}

  /**
   * Proves the second factor again for actions of level 3. {@code Denied("invalid_code")}, {@code
   * Conflict("no_factor")}, {@code Limited}.
   */
  record StepUp(PlayerId player, String session, String code, Browser browser)
      implements ConsoleCommand<Done> {
    @Override
    public String toString() {
      return "StepUp[" + player + "]";
    }
  }

  /**
   * Requires that the player has given the second factor in a session of the API in the last five
   * minutes, or gives it now, where the server requires one. Does nothing where it does not.
   *
   * <p>{@code Denied}: {@code admin_code_required}, {@code admin_factor_required} without a factor,
   * {@code invalid_code}; {@code Limited("too_many_attempts")}.
   *
   * @param session of the player
   * @param code of the second factor, or a recovery code; blank for none
   */
  record ProveFactor(PlayerId player, SessionId session, String code, Browser browser)
      implements ConsoleCommand<Done> {
    @Override
    public String toString() {
      return "ProveFactor[" + player + "]";
    }
  }

  /**
   * Makes a code that gives the second factor to the API, once and within {@link
   * ApiCode#VALID_FOR}, for admins whose factor is a passkey. It takes the place of an earlier one.
   * {@code Conflict("no_factor")}, {@code Denied("step_up_required")} if the factor was not given
   * in the session in the last five minutes.
   *
   * @param session of the console, with which the code ends
   */
  record CreateApiCode(PlayerId player, String session, Browser browser)
      implements ConsoleCommand<ApiCode> {
    @Override
    public String toString() {
      return "CreateApiCode[" + player + "]";
    }
  }

  /** A code, which is shown this one time. */
  record ApiCode(String code, long expiresMs) {
    public static final Duration VALID_FOR = Duration.ofMinutes(5);

    @Override
    public String toString() {
      return "ApiCode";
    }
  }

  /** What a player has of a second factor. */
  record FindFactor(PlayerId player) implements ConsoleCommand<FactorState> {}

  /**
   * Which second factors are set up.
   *
   * @param app whether an authenticator app is
   * @param required whether the server requires a factor
   * @param codesLeft recovery codes that were not used yet
   */
  record FactorState(boolean app, int passkeys, boolean required, int codesLeft) {
    /** Whether there is any. */
    public boolean confirmed() {
      return app || passkeys > 0;
    }
  }

  /**
   * Creates a secret for an authenticator app. It counts after {@link ConfirmFactor}; until then
   * the same one is returned again, for ten minutes. {@code Conflict("factor_exists")} if one is
   * confirmed.
   */
  record BeginFactor(PlayerId player) implements ConsoleCommand<NewFactor> {}

  /**
   * A secret that is shown to the player.
   *
   * @param secret in base 32
   */
  record NewFactor(String secret) {
    @Override
    public String toString() {
      return "NewFactor";
    }
  }

  /**
   * Confirms the secret with a code of it. With the first factor, returns ten recovery codes, which
   * are shown this one time; the session may do everything from then on, and the other sessions of
   * the player end. {@code Denied("invalid_code")}, {@code Denied("step_up_required")} if there is
   * a passkey that was not used in the last five minutes, {@code Conflict("no_factor")}, {@code
   * Limited}.
   */
  record ConfirmFactor(PlayerId player, String session, String code, Browser browser)
      implements ConsoleCommand<List<String>> {
    @Override
    public String toString() {
      return "ConfirmFactor[" + player + "]";
    }
  }

  /**
   * Removes the second factors of a player and ends their console sessions, so that they set up
   * another one. {@code Denied("role_not_grantable")} unless by themselves or an admin who may
   * grant their role; {@code Conflict("last_factor")} by themselves where one is required.
   *
   * @param by null for the server itself
   */
  record RemoveFactor(@Nullable PlayerId by, PlayerId player) implements ConsoleCommand<Done> {}

  /**
   * The players with {@code player.admin} who need attention, at most 20 in the order of their ids.
   */
  record CheckAdmins() implements ConsoleCommand<List<AdminFinding>> {}

  /**
   * An owner or admin who needs attention.
   *
   * @param factor whether a second factor is set up
   * @param automatic whether they are an admin only because they were the first player of all
   */
  record AdminFinding(PlayerId player, String displayName, boolean factor, boolean automatic) {}

  /**
   * Returns the steps of the setup that are done, and remembers some for ever, since what shows
   * them passes: sockets close and lobbies end.
   *
   * @param seen steps that are done now; those that the console reads itself are ignored
   */
  record ReadSetup(Set<SetupStep> seen) implements ConsoleCommand<Set<SetupStep>> {}

  /** The roles that players have, at most 500. */
  record ListGrants() implements ConsoleCommand<List<Grant>> {}

  /** Players whose role has ended and is still stored, at most 500. */
  record ListExpiredGrants() implements ConsoleCommand<List<PlayerId>> {}

  /** All roles that a player can have: those of the release, then the others by name. */
  record ListRoles() implements ConsoleCommand<List<StoredRole>> {}

  /**
   * Adds a role, or changes one that was added. The console sessions of its holders end with a
   * change, which is effective everywhere within a second.
   *
   * <p>{@code Invalid} {@code name}, {@code Conflict}: {@code built_in_role}, {@code
   * cannot_change_own_role}, {@code revision_conflict}, {@code too_many_roles}; {@code
   * Denied("role_not_grantable")} if the admin lacks a permission of it, before or after; {@code
   * Denied("role_outlives_yours")} if the role of the admin has an end, and somebody has this one
   * or is invited to it.
   *
   * @param revision that the admin read, 0 for a new role; null for whatever it is
   */
  record PutRole(PlayerId by, String name, Set<Permission> permissions, @Nullable Long revision)
      implements ConsoleCommand<StoredRole> {}

  /**
   * Deletes a role that was added. {@code Missing("not_found")}, {@code Conflict}: {@code
   * built_in_role}, {@code role_in_use} while a player has it or is invited to it; {@code
   * Denied("role_not_grantable")}.
   */
  record DeleteRole(PlayerId by, String name) implements ConsoleCommand<Done> {}

  /**
   * Begins to delete a player: {@code Conflict("last_owner")} for the only owner, and in the scope
   * of an admin {@code Denied("role_not_grantable")} for a player whose role has permissions that
   * the admin lacks. An owner is none from then on, so that of two who are deleted at once the
   * second one is refused before anything of theirs is lost.
   */
  record BeginRemoval(PlayerId player) implements ConsoleCommand<Done> {}

  /**
   * Requires that the admin in whose scope it is sent may act on a player: {@code
   * Denied("role_not_grantable")} for a player whose role has permissions that the admin lacks.
   */
  record RequireRank(PlayerId player) implements ConsoleCommand<Done> {}

  /**
   * Invites somebody to a role, by a link that works once within 24 hours; {@link
   * dev.rookery.player.PlayerCommand.AcceptInvite} accepts it. Refused as giving the role is;
   * {@code Invalid} {@code email}, {@code Conflict("too_many_invites")} beyond 50 open ones of an
   * admin.
   *
   * @param email where the link goes; null where it is copied
   * @param untilMs when the role ends by itself; null for never
   */
  record CreateInvite(PlayerId by, String role, @Nullable String email, @Nullable Long untilMs)
      implements ConsoleCommand<Invite.Created> {
    @Override
    public String toString() {
      return "CreateInvite[" + by + ", " + role + "]";
    }
  }

  /** The open invitations, the oldest first; at most 200. */
  record ListInvites() implements ConsoleCommand<List<Invite>> {}

  /** The invitation of a link; empty if it was used or cancelled, or its time is over. */
  record FindInvite(String token) implements ConsoleCommand<Optional<Invite>> {
    @Override
    public boolean isFromStranger() {
      return true;
    }

    @Override
    public String toString() {
      return "FindInvite";
    }
  }

  /**
   * Cancels an invitation. {@code Missing("not_found")}; in the scope of an admin {@code
   * Denied("role_not_grantable")} for that of another admin with permissions that one lacks.
   */
  record CancelInvite(String invite) implements ConsoleCommand<Done> {}

  /** Counts a wrong password at the sign-in of the console, if the account has a role. */
  record CountFailedSignIn(String email) implements ConsoleCommand<Done> {
    @Override
    public boolean isFromStranger() {
      return true;
    }

    @Override
    public String toString() {
      return "CountFailedSignIn";
    }
  }

  /** Admins with at least ten failed sign-ins in the last day, at most 20. */
  record ListFailedSignIns() implements ConsoleCommand<List<FailedSignIns>> {}

  /** Whether the server waits for its first owner. */
  record IsSetupOpen() implements ConsoleCommand<Boolean> {}

  /**
   * Stores the code by which the first owner may be made, in place of the one of an earlier start
   * of the node. It is valid as long as the node runs, and 15 minutes after that. Returns false,
   * and stores nothing, if the server has or had an owner.
   */
  record PutSetupCode(String node, String code) implements ConsoleCommand<Boolean> {
    @Override
    public String toString() {
      return "PutSetupCode[" + node + "]";
    }
  }

  /**
   * Checks a setup code that somebody typed. {@code Denied("invalid_code")}, {@code
   * Conflict("setup_closed")}, {@code Limited("too_many_attempts")}.
   */
  record CheckSetupCode(String code, Browser browser) implements ConsoleCommand<Done> {
    @Override
    public String toString() {
      return "CheckSetupCode";
    }

    @Override
    public boolean isFromStranger() {
      return true;
    }
  }

  /**
   * Writes an entry for what changes nothing in the database, or was refused. Of an admin with very
   * many refused requests one entry a minute stands for those beyond 200.
   *
   * @param result {@link AuditEntry#DONE} or the code of the refusal
   */
  record Record(AuditedChange change, String result) implements ConsoleCommand<Done> {}

  /**
   * Lists the audit log, the latest first.
   *
   * @param before the last entry of the page before; null for the first page
   * @param size at most 1,000
   */
  record ListAudit(AuditEntry.Filter filter, AuditEntry.@Nullable Place before, int size)
      implements ConsoleCommand<List<AuditEntry>> {}

  /** Returns an entry of the audit log. {@code Missing("not_found")}. */
  record FindAudit(long run, long number) implements ConsoleCommand<AuditEntry> {}

  /**
   * Computes the chains of the latest 100 runs of nodes again. {@code Limited("check_is_running")}
   * while this node does so for somebody else.
   */
  record CheckAudit() implements ConsoleCommand<List<AuditEntry.ChainCheck>> {}
}

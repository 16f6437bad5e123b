package dev.rookery.auth;

import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.base.SessionId;
import dev.rookery.bus.Command;
import dev.rookery.bus.Done;
import dev.rookery.player.PlayerMark;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Commands for registration, sign-in, sessions, passwords and bans. {@code toString} never prints
 * the passwords and tokens they carry.
 */
public sealed interface AuthCommand<R> extends Command<R> {
  String ADDRESS = "auth";

  @Override
  default String address() {
    return ADDRESS;
  }

  @Override
  default boolean isFromStranger() {
    return this instanceof SignInByDevice
        || this instanceof SignInAnonymously
        || this instanceof SignInByPassword
        || this instanceof SignInByUsername
        || this instanceof RegisterByUsername
        || this instanceof Register;
  }

  /**
   * Signs in with a device id; an unknown device gets a new player. Refused as {@code Invalid}
   * {@code device_id} when blank or too long, {@code Denied("device_auth_disabled")} when switched
   * off, and {@code Denied("account_banned")} like every sign-in.
   */
  record SignInByDevice(String deviceId, Client client) implements AuthCommand<TokenPair> {
    @Override
    public String toString() {
      return "SignInByDevice";
    }
  }

  /**
   * Creates a player with this name and returns one token that lasts as long as the session.
   * Refused as {@code Invalid} {@code name}.
   */
  record SignInAnonymously(String name, Client client) implements AuthCommand<LongLivedToken> {}

  /**
   * Signs in with email and password. An unknown email, a wrong password and an account without a
   * password are all {@code Denied("invalid_credentials")} after the same work; too many attempts
   * are {@code Limited("too_many_attempts")}.
   *
   * @param deviceId linked to the account if it has no device; ignored if the device belongs to
   *     another player
   */
  record SignInByPassword(String email, String password, @Nullable String deviceId, Client client)
      implements AuthCommand<TokenPair> {
    @Override
    public String toString() {
      return "SignInByPassword";
    }
  }

  /**
   * Creates a player with a username and a password, without an email address and without a
   * session. The username is their display name too. All invalid fields are reported together;
   * {@code Conflict("username_taken")} if another player has the username.
   */
  record RegisterByUsername(String username, String password, Client client)
      implements AuthCommand<PlayerId> {
    @Override
    public String toString() {
      return "RegisterByUsername";
    }
  }

  /**
   * Signs in with username and password, for clients that do not refresh tokens. Refused as {@link
   * SignInByPassword}. A player who registered with an email address and a password may sign in by
   * their username, too.
   */
  record SignInByUsername(String username, String password, Client client)
      implements AuthCommand<UsernameSignIn> {
    @Override
    public String toString() {
      return "SignInByUsername";
    }
  }

  /**
   * Registers a player with email and password and signs them in. All invalid fields are reported
   * together. Where email is delivered, the player is created only once the address is confirmed,
   * and the answer does not tell whether the address is taken.
   */
  record Register(
      String email,
      String password,
      @Nullable String passwordConfirmation,
      @Nullable String displayName,
      @Nullable String deviceId,
      Client client)
      implements AuthCommand<RegistrationResult> {
    @Override
    public String toString() {
      return "Register";
    }
  }

  /**
   * Creates a player with email and password on behalf of the server, without a session and without
   * an email to the player. All invalid fields are reported together, a taken email as well.
   *
   * @param confirmed whether the address is known to be the player's, so that accounts of providers
   *     with the same address are linked to the player
   */
  record CreateAccount(
      String email, String password, @Nullable String displayName, boolean confirmed)
      implements AuthCommand<PlayerId> {
    @Override
    public String toString() {
      return "CreateAccount";
    }
  }

  /**
   * Returns the player of a device, who is created if there is none, without a session. Refused as
   * {@link SignInByDevice}, except that a banned player is found.
   */
  record FindOrCreateByDevice(String deviceId) implements AuthCommand<PlayerId> {
    @Override
    public String toString() {
      return "FindOrCreateByDevice";
    }
  }

  /**
   * Creates players with a mark, who have no sign-in method, and returns them in this order. {@code
   * Conflict("too_many_test_players")} or {@code Conflict("too_many_sample_players")} if there
   * would be more than {@link PlayerMark#max}; {@code Invalid} {@code display_name}.
   *
   * @param displayNames at most 64; a blank one is replaced by a name with a number
   * @param admin whose key it is; null for the server
   * @param idempotencyKey 1 to 200 characters of the admin's choice, or null
   */
  record CreateMarkedPlayers(
      PlayerMark mark,
      List<String> displayNames,
      @Nullable PlayerId admin,
      @Nullable String idempotencyKey)
      implements AuthCommand<List<PlayerId>> {
    public CreateMarkedPlayers {
      displayNames = List.copyOf(displayNames);
    }

    public CreateMarkedPlayers(PlayerMark mark, List<String> displayNames) {
      this(mark, displayNames, null, null);
    }
  }

  /**
   * Opens a session of 15 minutes for a test player. {@code Denied("not_a_test_player")} for every
   * player without that mark, and for one who has a role on the server.
   */
  record OpenTestSession(PlayerId player, Client client) implements AuthCommand<ShortToken> {}

  /**
   * Opens a session of 15 minutes for an admin who has a session of the console, to use the API as
   * themselves. A role by their groups at the identity provider counts in it.
   */
  record OpenOwnSession(PlayerId admin, Client client) implements AuthCommand<ShortToken> {}

  /**
   * Exchanges a refresh token for a new token pair. {@code Denied("invalid_token")} when forged,
   * expired, of another type, or of an ended session.
   *
   * <p>Each refresh token works once. If the answer is lost the client asks again: for {@link
   * SessionStore#REPEATABLE_FOR}, and as long as nobody has refreshed with the new token, the spent
   * one is answered with the same pair. Any other reuse of a refresh token ends its session,
   * because the token may have been stolen. The new access token may be used meanwhile: a client
   * that got one of two answers uses it while its repeated request is still on the way.
   */
  record Refresh(String refreshToken, Client client) implements AuthCommand<TokenPair> {
    @Override
    public String toString() {
      return "Refresh";
    }
  }

  /**
   * Marks a session as used and extends its expiry, for clients that do not refresh tokens. {@code
   * Denied("invalid_token")} if it has ended.
   */
  record Renew(SessionId session, Client client) implements AuthCommand<Done> {}

  /**
   * Opens a session of kind {@code play} for the game in a browser, and returns its first tokens.
   * The one that the game of that browser had before ends; this one ends when the browser signs
   * out. {@code Denied("account_banned")}, {@code Missing("player_not_found")}.
   *
   * @param browser the session of the browser
   */
  record OpenPlaySession(PlayerId player, SessionId browser, Client client)
      implements AuthCommand<TokenPair> {}

  /** Ends a session on all nodes, and that of the game in its browser. Idempotent. */
  record SignOut(SessionId session) implements AuthCommand<Done> {}

  /**
   * Ends all sessions of a player.
   *
   * @param except a session to keep; null for none
   */
  record SignOutAll(PlayerId player, @Nullable SessionId except) implements AuthCommand<Done> {}

  /**
   * Deletes the auth data of a deleted player: ends and anonymizes their sessions, and deletes
   * email tokens and provider flows.
   */
  record Forget(PlayerId player) implements AuthCommand<Done> {}

  /**
   * Lists open sessions, newest first.
   *
   * @param player null for the sessions of all players
   */
  record ListSessions(@Nullable PlayerId player, Page.Request page)
      implements AuthCommand<Page<OpenSession>> {}

  /**
   * Lists open sessions by keyset, newest first.
   *
   * @param player null for the sessions of all players
   * @param from the number of the session before the page, or going backwards after it; null for
   *     the first page
   * @param max at most {@value #LISTED_MAX}
   */
  record BrowseSessions(@Nullable PlayerId player, @Nullable Long from, boolean backwards, int max)
      implements AuthCommand<List<OpenSession>> {}

  /** The most sessions of one page of {@link BrowseSessions}. */
  int LISTED_MAX = 1_000;

  /** Counts open sessions, at most {@code max} of them; of a player, or of all if null. */
  record CountSessions(@Nullable PlayerId player, long max) implements AuthCommand<Long> {}

  /**
   * Ends a session on all nodes, by its number. {@code Missing("not_found")} if no open session has
   * this number, or it belongs to another player than {@code owner}.
   *
   * @param owner null to end the session of any player
   */
  record EndSession(long number, @Nullable PlayerId owner) implements AuthCommand<Done> {}

  /**
   * Bans a player and ends their sessions. Every sign-in is then {@code Denied("account_banned")}
   * with the reason. Refused as {@code Missing("not_found")} or {@code
   * Conflict("cannot_ban_self")}.
   *
   * @param untilMs when the ban expires; null for never
   */
  record Ban(PlayerId player, PlayerId by, String reason, @Nullable Long untilMs)
      implements AuthCommand<Done> {}

  /**
   * Lifts the ban of a player, if any. {@code Missing("not_found")} if there is no such player; in
   * the scope of an admin {@code Denied("role_not_grantable")} for a player whose role has
   * permissions that the admin lacks.
   */
  record LiftBan(PlayerId player) implements AuthCommand<Done> {}

  /**
   * Sets the password of a player on behalf of the server, and ends all their sessions. {@code
   * Missing("not_found")}, or refused as {@code Invalid} {@code password}.
   */
  record SetPassword(PlayerId player, String password) implements AuthCommand<Done> {
    @Override
    public String toString() {
      return "SetPassword[player=" + player + "]";
    }
  }

  /**
   * Sets the password and ends the player's other sessions. Refused as {@code Invalid} {@code
   * current_password} if that is wrong. A player with a password who omits it must have signed in
   * recently, or is {@code Denied("reauthentication_required")}.
   */
  record ChangePassword(
      PlayerId player,
      SessionId current,
      @Nullable String currentPassword,
      String password,
      @Nullable String passwordConfirmation)
      implements AuthCommand<Done> {
    @Override
    public String toString() {
      return "ChangePassword";
    }
  }
}

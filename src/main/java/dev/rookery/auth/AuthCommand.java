package dev.rookery.auth;

import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.base.SessionId;
import dev.rookery.bus.Command;
import dev.rookery.bus.Done;
import org.jspecify.annotations.Nullable;

/** Ways in, and out. Passwords and tokens in here are secrets: these records never print them. */
public sealed interface AuthCommand<R> extends Command<R> {
  String ADDRESS = "auth";

  @Override
  default String address() {
    return ADDRESS;
  }

  /**
   * Known device: its player; unknown device: a new player. Invalid {@code device_id} when blank or
   * longer than the limit; {@code Denied("device_auth_disabled")} when switched off; {@code
   * Denied("account_banned")} as every way in.
   */
  record SignInByDevice(String deviceId, Client client) implements AuthCommand<TokenPair> {
    @Override
    public String toString() {
      return "SignInByDevice";
    }
  }

  /** A new player of this name, with one token for as long as the session. Invalid {@code name}. */
  record SignInAnonymously(String name, Client client) implements AuthCommand<LongLivedToken> {}

  /**
   * {@code Denied("invalid_credentials")} for an unknown address, a wrong password and an account
   * without one, after the same work. {@code Limited("too_many_attempts")} when it is tried too
   * often.
   *
   * @param deviceId attached to the account if it has none; silently not, if taken
   */
  record SignInByPassword(String email, String password, @Nullable String deviceId, Client client)
      implements AuthCommand<TokenPair> {
    @Override
    public String toString() {
      return "SignInByPassword";
    }
  }

  /**
   * A new player with e-mail and password, signed in at once. Invalid fields are all told. Where
   * letters reach people there is no player before he has read one, and nobody is told whether the
   * address is taken.
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
   * Gives a new pair of tokens; the old refresh token is spent. {@code Denied("invalid_token")}
   * when forged, expired, no refresh token or of an ended session. A token that was spent before
   * ends its session: somebody else may hold a copy.
   */
  record Refresh(String refreshToken, Client client) implements AuthCommand<TokenPair> {
    @Override
    public String toString() {
      return "Refresh";
    }
  }

  /**
   * Notes that a session is used, and that it lasts from now; for clients that refresh nothing.
   * {@code Denied("invalid_token")} if it has ended.
   */
  record Renew(SessionId session, Client client) implements AuthCommand<Done> {}

  /** Ends one session, everywhere and for good. Harmless when repeated. */
  record SignOut(SessionId session) implements AuthCommand<Done> {}

  /** Ends all sessions of a player but, if given, one. */
  record SignOutAll(PlayerId player, @Nullable SessionId except) implements AuthCommand<Done> {}

  /**
   * Ends the sessions of one who is gone, and keeps nothing of what they and letters said of him.
   */
  record Forget(PlayerId player) implements AuthCommand<Done> {}

  /**
   * Sessions that are open, newest first.
   *
   * @param player null for everybody's
   */
  record ListSessions(@Nullable PlayerId player, Page.Request page)
      implements AuthCommand<Page<OpenSession>> {}

  /**
   * Ends one session, everywhere and for good. {@code Missing("not_found")} if none of that number
   * is open, or it is not the owner's.
   *
   * @param owner null for anybody's
   */
  record EndSession(long number, @Nullable PlayerId owner) implements AuthCommand<Done> {}

  /**
   * Keeps a player out and ends his sessions. Every way in is then {@code Denied("account_banned")}
   * with the reason. {@code Missing("not_found")}, {@code Conflict("cannot_ban_self")}.
   *
   * @param untilMs when it ends by itself; null for never
   */
  record Ban(PlayerId player, PlayerId by, String reason, @Nullable Long untilMs)
      implements AuthCommand<Done> {}

  /** Harmless for one who is not banned; {@code Missing("not_found")} for nobody. */
  record LiftBan(PlayerId player) implements AuthCommand<Done> {}

  /**
   * Sets the password and ends the player's other sessions. Invalid {@code current_password} if it
   * is not his; without it, {@code Denied("reauthentication_required")} if he has a password and
   * signed in long ago.
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

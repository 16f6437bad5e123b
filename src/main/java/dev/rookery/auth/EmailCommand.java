package dev.rookery.auth;

import dev.rookery.base.PlayerId;
import dev.rookery.base.SessionId;
import dev.rookery.bus.Command;
import dev.rookery.bus.Done;
import org.jspecify.annotations.Nullable;

/**
 * What goes by letter. Asking for one is answered at once and alike, whether or not somebody has
 * the address, and before anything is looked up; {@code Unavailable("mail_not_configured")} where
 * letters go nowhere. Tokens open something once, until they expire or a newer one of their kind
 * was asked for; {@code Denied("invalid_token")} otherwise.
 */
public sealed interface EmailCommand<R> extends Command<R> {
  String ADDRESS = "auth/mail";

  @Override
  default String address() {
    return ADDRESS;
  }

  /** A letter that signs its reader in. */
  record RequestMagicLink(String email, Client client) implements EmailCommand<Done> {
    @Override
    public String toString() {
      return "RequestMagicLink";
    }
  }

  /** A letter with which its reader sets a new password. */
  record RequestPasswordReset(String email, Client client) implements EmailCommand<Done> {
    @Override
    public String toString() {
      return "RequestPasswordReset";
    }
  }

  /**
   * A letter to a new address, with which it becomes the player's. {@code
   * Denied("reauthentication_required")}, and Invalid {@code current_password}, as for a new
   * password.
   */
  record RequestEmailChange(
      PlayerId player,
      SessionId session,
      String email,
      @Nullable String currentPassword,
      Client client)
      implements EmailCommand<Done> {
    @Override
    public String toString() {
      return "RequestEmailChange";
    }
  }

  /** Signs in whoever reads what was sent to him, or completes his registration. */
  record SignInWithToken(String token, Client client) implements EmailCommand<TokenPair> {
    @Override
    public String toString() {
      return "SignInWithToken";
    }
  }

  /** Sets a new password, ends all sessions, and signs in. An invalid password spends no token. */
  record ResetPassword(
      String token, String password, @Nullable String passwordConfirmation, Client client)
      implements EmailCommand<TokenPair> {
    @Override
    public String toString() {
      return "ResetPassword";
    }
  }

  /** The new address is the player's. {@code Conflict("email_taken")} if somebody was faster. */
  record ConfirmEmailChange(String token) implements EmailCommand<Done> {
    @Override
    public String toString() {
      return "ConfirmEmailChange";
    }
  }
}

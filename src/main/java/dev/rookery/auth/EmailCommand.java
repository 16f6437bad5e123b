package dev.rookery.auth;

import dev.rookery.base.PlayerId;
import dev.rookery.base.SessionId;
import dev.rookery.bus.Command;
import dev.rookery.bus.Done;
import dev.rookery.email.EmailState;
import org.jspecify.annotations.Nullable;

/**
 * Commands that send an email with a token, commands that redeem such a token, and the change of an
 * email address by the server.
 *
 * <p>A request is answered before the account is looked up, so neither the answer nor its timing
 * tells whether the address belongs to a player. Requests are {@code
 * Unavailable("mail_not_configured")} where no email can be sent. A token works once, until it
 * expires or a newer one of its kind is requested; otherwise it is {@code Denied("invalid_token")}.
 * {@code toString} never prints tokens, passwords or addresses.
 */
public sealed interface EmailCommand<R> extends Command<R> {
  String ADDRESS = "auth/mail";

  @Override
  default String address() {
    return ADDRESS;
  }

  @Override
  default boolean isFromStranger() {
    return switch (this) {
      case RequestEmailChange _, SetEmail _, SendInvite _, SendTest _, ReadState _ -> false;
      default -> true;
    };
  }

  /**
   * Sets a confirmed email of a player on behalf of the server, and tells the previous address.
   * {@code Missing("not_found")}, {@code Conflict("email_taken")}, or {@code Invalid} {@code
   * email}. In the scope of an admin {@code Conflict("cannot_change_own_email")} for their own, and
   * {@code Denied("role_not_grantable")} for a player whose role has permissions that they lack.
   */
  record SetEmail(PlayerId player, String email) implements EmailCommand<Done> {
    @Override
    public String toString() {
      return "SetEmail[player=" + player + "]";
    }
  }

  /**
   * Sends an email with the link of an invitation to a role, in the language of the account that
   * has the address, or that of the admin who invites.
   *
   * @param by the admin who invites
   * @param byName their name
   * @param path of the link on this server
   */
  record SendInvite(String email, String role, PlayerId by, String byName, String path)
      implements EmailCommand<Done> {
    @Override
    public String toString() {
      return "SendInvite[" + role + "]";
    }
  }

  /**
   * Sends an email to an admin at once, to see whether the mail server accepts it. {@code
   * Conflict("no_email")} if the admin has no address, {@code Unavailable("email_refused")} with
   * what the mail server said in {@link ReadState}.
   */
  record SendTest(PlayerId admin) implements EmailCommand<Done> {}

  /** What this node knows of the emails that it sends. */
  record ReadState() implements EmailCommand<EmailState> {}

  /** Sends an email with a magic link that signs in. */
  record RequestMagicLink(String email, Client client) implements EmailCommand<Done> {
    @Override
    public String toString() {
      return "RequestMagicLink";
    }
  }

  /** Sends an email with a link to set a new password. */
  record RequestPasswordReset(String email, Client client) implements EmailCommand<Done> {
    @Override
    public String toString() {
      return "RequestPasswordReset";
    }
  }

  /**
   * Sends an email to a new address to confirm it. {@code Denied("reauthentication_required")} and
   * {@code Invalid} {@code current_password} as in {@link AuthCommand.ChangePassword}.
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

  /**
   * Signs in with the token of a magic link, or completes a registration with its confirmation
   * token.
   */
  record SignInWithToken(String token, Client client) implements EmailCommand<TokenPair> {
    @Override
    public String toString() {
      return "SignInWithToken";
    }
  }

  /**
   * Sets a new password, ends all sessions of the player, and signs in. An invalid password does
   * not use up the token.
   */
  record ResetPassword(
      String token, String password, @Nullable String passwordConfirmation, Client client)
      implements EmailCommand<TokenPair> {
    @Override
    public String toString() {
      return "ResetPassword";
    }
  }

  /**
   * Changes the player's email to the confirmed address. {@code Conflict("email_taken")} if another
   * player got it meanwhile.
   */
  record ConfirmEmailChange(String token) implements EmailCommand<Done> {
    @Override
    public String toString() {
      return "ConfirmEmailChange";
    }
  }
}

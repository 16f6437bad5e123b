package dev.rookery.auth;

import dev.rookery.base.PlayerId;
import dev.rookery.bus.Command;
import java.util.List;
import java.util.Map;

/**
 * Sign-in of admins at their identity provider. Both commands fail with {@code
 * Unavailable("provider_away")} while the provider does not answer, or not as specified, and with
 * {@code Unavailable("provider_not_configured")} on a server without one.
 *
 * <p>Codes and tokens are secrets: these records never print them.
 */
public sealed interface AdminOidcCommand<R> extends Command<R> {
  String ADDRESS = "auth/admin-oidc";

  @Override
  default String address() {
    return ADDRESS;
  }

  @Override
  default boolean isFromStranger() {
    return true;
  }

  /**
   * Starts a sign-in, and returns the URL at the provider that the browser opens. {@code
   * Limited("too_many_flows")} if too many of one network are pending.
   *
   * @param browser a secret in a cookie of this browser
   * @param returnTo a path of the console
   * @param fresh whether the provider must ask for the credentials again
   */
  record Start(String browser, String returnTo, boolean fresh, Client client)
      implements AdminOidcCommand<String> {
    @Override
    public String toString() {
      return "Start";
    }
  }

  /**
   * Finishes a sign-in: the player of the identity, who is created if need be, gets the role of
   * their groups and a session. {@code Denied("invalid_state")} if it was not started in this
   * browser, or is finished or expired; {@code Denied("cancelled")}; {@code Denied("no_group")} if
   * no group gives a role, and {@code Denied("no_group_role")} with the names ({@code roles}) if
   * those that they give do not exist, which also take the role that a group gave before; the
   * refusals of {@link ProviderCommand}; {@code Denied("account_banned")}; {@code
   * Limited("too_many_attempts")}.
   *
   * @param parameters of the callback
   */
  record Finish(Map<String, String> parameters, String browser, Client client, String requestId)
      implements AdminOidcCommand<SignedIn> {
    @Override
    public String toString() {
      return "Finish";
    }
  }

  /** The roles that groups give, in the order of the configuration; none without a provider. */
  record ListGroupRoles() implements AdminOidcCommand<List<GroupRole>> {
    @Override
    public boolean isFromStranger() {
      return false;
    }
  }

  /**
   * A role that a group at the provider gives.
   *
   * @param exists whether there is such a role
   */
  record GroupRole(String group, String role, boolean exists) {}

  /**
   * A player who has signed in.
   *
   * @param returnTo the path of the console that the sign-in began for
   */
  record SignedIn(PlayerId player, TokenPair tokens, String returnTo) {
    @Override
    public String toString() {
      return "SignedIn[" + player + "]";
    }
  }
}

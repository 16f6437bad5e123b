package dev.rookery.console;

import dev.rookery.base.PlayerId;
import dev.rookery.base.SessionId;
import dev.rookery.bus.Command;
import dev.rookery.bus.Done;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Commands on passkeys of admins. A passkey counts as both factors, because the device verifies the
 * person.
 *
 * <p>What an authenticator signs is a challenge that is good for one time, in the browser that
 * asked for it, for five minutes. Answers are refused with {@code Denied("invalid_passkey")} if
 * they do not fit, are of another origin, or were used before, and with {@code
 * Denied("passkey_copied")} if the counter of the device went back. All of these fail with {@code
 * Unavailable("passkeys_not_possible")} on a server whose address has no passkeys.
 */
public sealed interface PasskeyCommand<R> extends Command<R> {
  String ADDRESS = "console/passkey";

  @Override
  default String address() {
    return ADDRESS;
  }

  @Override
  default boolean isFromStranger() {
    return switch (this) {
      case BeginUse begin -> begin.player() == null;
      case SignIn signIn -> signIn.player() == null;
      default -> false;
    };
  }

  /**
   * Begins to add a passkey. {@code Conflict("too_many_passkeys")}, {@code
   * Limited("too_many_attempts")}.
   *
   * @param browser a secret in a cookie of this browser
   */
  record BeginRegistration(PlayerId player, String browser, ConsoleCommand.Browser from)
      implements PasskeyCommand<Options> {
    @Override
    public String toString() {
      return "BeginRegistration[" + player + "]";
    }
  }

  /**
   * Begins to use a passkey. {@code Limited("too_many_attempts")}.
   *
   * @param player whose passkey it must be; null for anybody's
   */
  record BeginUse(@Nullable PlayerId player, String browser, ConsoleCommand.Browser from)
      implements PasskeyCommand<Options> {
    @Override
    public String toString() {
      return "BeginUse[" + player + "]";
    }
  }

  /**
   * What the browser needs to make or to use a passkey.
   *
   * @param userHandle tells the accounts of one device apart, and nothing about the player
   * @param credentials those to use, any if empty; of a registration those that exist
   */
  record Options(
      String challenge,
      RelyingParty party,
      String userHandle,
      List<Integer> algorithms,
      List<String> credentials) {
    @Override
    public String toString() {
      return "Options";
    }
  }

  /**
   * Adds a passkey. With the first factor, returns ten recovery codes, which are shown this one
   * time; the session may do everything from then on, and the other sessions of the player end.
   * {@code Denied("step_up_required")} if there is a factor that was not given in the last five
   * minutes, {@code Conflict("passkey_exists")}, {@code Conflict("too_many_passkeys")}.
   *
   * @param session of the console
   * @param response of the authenticator, as JSON
   */
  record Register(
      PlayerId player,
      String session,
      String name,
      String response,
      String browser,
      ConsoleCommand.Browser from)
      implements PasskeyCommand<List<String>> {
    @Override
    public String toString() {
      return "Register[" + player + "]";
    }
  }

  /**
   * Opens a session of the console. Refused as {@link ConsoleCommand.OpenSession} is.
   *
   * @param player who is signed in in the browser, and whose passkey it must be; null if nobody is
   * @param signIn the session of that player; null if nobody is signed in
   */
  record SignIn(
      @Nullable PlayerId player,
      @Nullable SessionId signIn,
      String response,
      String browser,
      ConsoleCommand.Browser from)
      implements PasskeyCommand<ConsoleCommand.OpenedSession> {
    @Override
    public String toString() {
      return "SignIn[" + player + "]";
    }
  }

  /** Proves the second factor again for actions of level 3. */
  record StepUp(
      PlayerId player, String session, String response, String browser, ConsoleCommand.Browser from)
      implements PasskeyCommand<Done> {
    @Override
    public String toString() {
      return "StepUp[" + player + "]";
    }
  }

  /** The passkeys of a player, the oldest first; at most 20. */
  record ListPasskeys(PlayerId player) implements PasskeyCommand<List<Passkey>> {}

  /**
   * Removes a passkey. {@code Missing("not_found")}, {@code Denied("step_up_required")}, {@code
   * Conflict("last_factor")} if it is the last factor and one is required.
   *
   * @param session of the console
   */
  record Remove(PlayerId player, String session, String id, ConsoleCommand.Browser from)
      implements PasskeyCommand<Done> {}
}

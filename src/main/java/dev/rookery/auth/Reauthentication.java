package dev.rookery.auth;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.base.SessionId;
import dev.rookery.player.Credentials;
import dev.rookery.store.Database;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Confirms that a player is present before their credentials change, so that a stolen token is not
 * enough. The player gives their password again or has signed in within {@link #RECENT_SIGN_IN}. A
 * player without a password passes.
 */
final class Reauthentication {
  static final Duration RECENT_SIGN_IN = Duration.ofMinutes(20);

  private final Database database;
  private final Credentials credentials;
  private final SessionListStore sessionLists;
  private final PasswordHasher passwordHasher;
  private final SignInThrottle throttle;

  Reauthentication(
      Database database,
      Credentials credentials,
      SessionListStore sessionLists,
      PasswordHasher passwordHasher,
      SignInThrottle throttle) {
    this.database = database;
    this.credentials = credentials;
    this.sessionLists = sessionLists;
    this.passwordHasher = passwordHasher;
    this.throttle = throttle;
  }

  /**
   * Throws {@code Denied("reauthentication_required")} if no password is given and the sign-in is
   * too old, {@code Invalid} {@code current_password} if the password is wrong, and {@code
   * Missing("not_found")} if the player is gone.
   */
  void check(PlayerId player, SessionId session, @Nullable String currentPassword) {
    var stored =
        credentials.findPassword(database, player).orElseThrow(() -> Refused.missing("not_found"));
    String hash = stored.passwordHash();
    if (hash == null) {
      return;
    }
    if (currentPassword == null) {
      if (!sessionLists.wasOpenedWithin(database, session, RECENT_SIGN_IN)) {
        throw Refused.denied("reauthentication_required");
      }
      return;
    }
    String account = "player " + player;
    throttle.beginAttempt(account);
    if (!passwordHasher.matches(currentPassword, hash)) {
      throw Refused.invalid("current_password", "is not valid");
    }
    throttle.recordSuccess(account);
  }
}

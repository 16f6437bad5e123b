package dev.rookery.auth;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.base.SessionId;
import dev.rookery.player.Credentials;
import dev.rookery.store.Database;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Before what opens an account is changed: is it the player, or somebody who found his token? He
 * gives his password once more, or has signed in only just now. Who has no password yet gives none.
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
      Credentials identities,
      SessionListStore lists,
      PasswordHasher passwords,
      SignInThrottle attempts) {
    this.database = database;
    this.credentials = identities;
    this.sessionLists = lists;
    this.passwordHasher = passwords;
    this.throttle = attempts;
  }

  /**
   * {@code Denied("reauthentication_required")} without a password long after the sign-in; Invalid
   * {@code current_password} with a wrong one; {@code Missing("not_found")} without a player.
   */
  void check(PlayerId player, SessionId session, @Nullable String currentPassword) {
    var secret =
        credentials.findPassword(database, player).orElseThrow(() -> Refused.missing("not_found"));
    String hash = secret.passwordHash();
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

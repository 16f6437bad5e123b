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
  static final Duration JUST_NOW = Duration.ofMinutes(20);

  private final Database database;
  private final Credentials identities;
  private final SessionListStore lists;
  private final PasswordHasher passwords;
  private final SignInThrottle attempts;

  Reauthentication(
      Database database,
      Credentials identities,
      SessionListStore lists,
      PasswordHasher passwords,
      SignInThrottle attempts) {
    this.database = database;
    this.identities = identities;
    this.lists = lists;
    this.passwords = passwords;
    this.attempts = attempts;
  }

  /**
   * {@code Denied("reauthentication_required")} without a password long after the sign-in; Invalid
   * {@code current_password} with a wrong one; {@code Missing("not_found")} without a player.
   */
  void check(PlayerId player, SessionId session, @Nullable String currentPassword) {
    var secret =
        identities.secretOf(database, player).orElseThrow(() -> Refused.missing("not_found"));
    String hash = secret.passwordHash();
    if (hash == null) {
      return;
    }
    if (currentPassword == null) {
      if (!lists.isYoungerThan(database, session, JUST_NOW)) {
        throw Refused.denied("reauthentication_required");
      }
      return;
    }
    String account = "player " + player;
    attempts.begin(account);
    if (!passwords.matches(currentPassword, hash)) {
      throw Refused.invalid("current_password", "is not valid");
    }
    attempts.succeeded(account);
  }
}

package dev.rookery.auth;

import dev.rookery.base.ComparedText;
import dev.rookery.player.Credentials;
import dev.rookery.player.Credentials.StoredPassword;
import dev.rookery.store.Database;
import java.util.Locale;
import java.util.Optional;

/**
 * Finds accounts by the email address that somebody typed.
 *
 * <p>Addresses are stored in the form of {@link ComparedText#email}. Before that they were stored
 * in lower case only, and two accounts may have one address in two spellings; each of them is still
 * found by its own.
 */
final class AccountEmails {
  private final Database database;
  private final Credentials credentials;

  AccountEmails(Database database, Credentials credentials) {
    this.database = database;
    this.credentials = credentials;
  }

  /**
   * Returns the address as the account has it that it belongs to, or as a new one would have it.
   */
  String resolve(String typed) {
    String spelled = typed.strip().toLowerCase(Locale.ROOT);
    String email = ComparedText.email(typed);
    boolean own =
        !spelled.equals(email) && credentials.findPasswordByEmail(database, spelled).isPresent();
    return own ? spelled : email;
  }

  Optional<StoredPassword> findPassword(String typed) {
    return credentials.findPasswordByEmail(database, resolve(typed));
  }
}

package dev.rookery.auth;

import dev.rookery.base.ComparedText;
import dev.rookery.base.FieldErrors;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.base.Text;
import dev.rookery.player.Credentials;
import dev.rookery.player.Credentials.StoredPassword;
import dev.rookery.player.Identity;
import dev.rookery.store.Database;
import dev.rookery.store.StatementException;
import java.util.Optional;

/**
 * Registers players by username and password, and signs them in. Hashing runs between transactions,
 * never inside one.
 */
final class UsernameSignIns {
  private static final String SESSION_KIND = "username";
  private static final int USERNAME_MAX = 128;

  /** Emails contain an at sign, so that the counts of the two kinds of sign-in stay apart. */
  private static final String ACCOUNT = "username ";

  private final Database database;
  private final AuthDependencies dependencies;
  private final Credentials credentials;
  private final TokenIssuer tokenIssuer;
  private final PasswordAuthenticator authenticator;

  UsernameSignIns(
      Database database,
      AuthDependencies dependencies,
      Credentials credentials,
      SessionListStore sessionLists,
      SessionOpener sessionOpener) {
    this.database = database;
    this.dependencies = dependencies;
    this.credentials = credentials;
    this.tokenIssuer = new TokenIssuer(dependencies);
    this.authenticator =
        new PasswordAuthenticator(database, dependencies, credentials, sessionLists, sessionOpener);
  }

  PlayerId register(AuthCommand.RegisterByUsername register) {
    var errors = new FieldErrors();
    errors.visibleLine(
        "username", register.username(), dependencies.settings().limits().displayNameMax());
    CredentialRules.checkPassword(errors, register.password(), null, dependencies.settings());
    errors.refuse();
    credentials.requireFreeUsername(database, register.username());
    String hash = dependencies.passwordHasher().hash(register.password());
    credentials.prepareToCreate(database);
    try {
      return database
          .write(tx -> credentials.createWithUsername(tx, register.username(), hash))
          .player();
    } catch (StatementException failed) {
      if (failed.isDuplicate()) {
        throw Refused.conflict("username_taken");
      }
      throw failed;
    }
  }

  /**
   * Signs in. An unknown username, a wrong password and an account without a password get the same
   * answer after one hash computation.
   */
  UsernameSignIn signIn(AuthCommand.SignInByUsername signIn) {
    Client client = signIn.client();
    Optional<StoredPassword> stored =
        isPlausible(signIn.username(), signIn.password())
            ? credentials.findPasswordByUsername(database, signIn.username())
            : Optional.empty();
    String account = ACCOUNT + ComparedText.searchKey(signIn.username());
    var signedIn = authenticator.signIn(account, stored, signIn.password(), client, SESSION_KIND);
    Identity player = signedIn.player();
    return new UsernameSignIn(
        tokenIssuer.issueLongLived(signedIn.session(), player, player.uuid()), player.admin());
  }

  /** Whether an account could have this username and password at all. */
  private boolean isPlausible(String username, String password) {
    return !username.isBlank()
        && username.length() <= USERNAME_MAX
        && Text.isStorable(username)
        && CredentialRules.isPlausiblePassword(password, dependencies.settings().limits());
  }
}

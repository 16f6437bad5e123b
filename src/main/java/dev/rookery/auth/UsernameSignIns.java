package dev.rookery.auth;

import dev.rookery.auth.PasswordHasher.Match;
import dev.rookery.auth.SessionStore.NewSession;
import dev.rookery.base.ComparedText;
import dev.rookery.base.FieldErrors;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.base.SessionId;
import dev.rookery.base.Text;
import dev.rookery.player.Credentials;
import dev.rookery.player.Credentials.StoredPassword;
import dev.rookery.player.Identity;
import dev.rookery.store.Database;
import dev.rookery.store.StatementException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
  private final SessionListStore sessionLists;
  private final SessionOpener sessionOpener;
  private final TokenIssuer tokenIssuer;

  UsernameSignIns(
      Database database,
      AuthDependencies dependencies,
      Credentials credentials,
      SessionListStore sessionLists,
      SessionOpener sessionOpener) {
    this.database = database;
    this.dependencies = dependencies;
    this.credentials = credentials;
    this.sessionLists = sessionLists;
    this.sessionOpener = sessionOpener;
    this.tokenIssuer = new TokenIssuer(dependencies);
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
    dependencies.throttle().beginAttempt(account, client, () -> hasSessionAt(stored, client));
    String hash = stored.map(StoredPassword::passwordHash).orElse(null);
    Match match = dependencies.passwordHasher().verify(signIn.password(), hash);
    if (match == Match.NONE || hash == null) {
      throw Refused.denied("invalid_credentials");
    }
    String rehashed =
        match == Match.OUTDATED ? dependencies.passwordHasher().hash(signIn.password()) : null;
    Opened opened = open(stored.orElseThrow().player(), hash, rehashed, client);
    sessionOpener.publishEnded(opened.ended);
    dependencies.throttle().recordSuccess(account, client);
    Identity player = opened.identity;
    return new UsernameSignIn(
        tokenIssuer.issueLongLived(opened.session, player, player.uuid()), player.admin());
  }

  private Opened open(PlayerId player, String hash, @Nullable String rehashed, Client client) {
    SessionId session = tokenIssuer.newSessionId();
    return database.write(
        tx -> {
          Identity identity =
              credentials
                  .updateLastSeen(tx, player, hash)
                  .map(sessionOpener::requireNotBanned)
                  .orElseThrow(() -> Refused.denied("invalid_credentials"));
          if (rehashed != null) {
            credentials.replaceHash(tx, player, hash, rehashed);
          }
          var newSession = List.of(new NewSession(session, player, client));
          return new Opened(session, identity, sessionOpener.open(tx, SESSION_KIND, newSession));
        });
  }

  private boolean hasSessionAt(Optional<StoredPassword> stored, Client client) {
    return stored.isPresent()
        && sessionLists.hasSessionAt(database, stored.get().player(), client.address());
  }

  /** Whether an account could have this username and password at all. */
  private boolean isPlausible(String username, String password) {
    return !username.isBlank()
        && username.length() <= USERNAME_MAX
        && Text.isStorable(username)
        && CredentialRules.isPlausiblePassword(password, dependencies.settings().limits());
  }

  private record Opened(SessionId session, Identity identity, List<SessionId> ended) {}
}

package dev.rookery.auth;

import dev.rookery.auth.PasswordHasher.Match;
import dev.rookery.auth.SessionStore.NewSession;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.base.SessionId;
import dev.rookery.player.Credentials;
import dev.rookery.player.Credentials.StoredPassword;
import dev.rookery.player.Identity;
import dev.rookery.store.Database;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Signs in players who know the password of an account, by whatever name it was looked up. An
 * account that does not exist, or has no password, gets the same answer as a wrong password, after
 * one hash computation. Hashing runs between transactions, never inside one.
 */
final class PasswordAuthenticator {
  private final Database database;
  private final AuthDependencies dependencies;
  private final Credentials credentials;
  private final SessionListStore sessionLists;
  private final SessionOpener sessionOpener;
  private final TokenIssuer tokenIssuer;

  PasswordAuthenticator(
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

  /** A player who is signed in. */
  record SignedIn(SessionId session, Identity player) {}

  /**
   * Opens a session; {@code Denied("invalid_credentials")} if the password is wrong or was changed
   * meanwhile.
   *
   * @param account under which failures are counted
   * @param stored what the account has; empty if there is none
   * @param kind of the session
   */
  SignedIn signIn(
      String account,
      Optional<StoredPassword> stored,
      String password,
      Client client,
      String kind) {
    dependencies.throttle().beginAttempt(account, client, () -> hasSessionAt(stored, client));
    String hash = stored.map(StoredPassword::passwordHash).orElse(null);
    Match match = dependencies.passwordHasher().verify(password, hash);
    if (match == Match.NONE || hash == null) {
      throw Refused.denied("invalid_credentials");
    }
    String rehashed = match == Match.OUTDATED ? dependencies.passwordHasher().hash(password) : null;
    var session = new NewSession(tokenIssuer.newSessionId(), stored.orElseThrow().player(), client);
    Opened opened = open(session, kind, hash, rehashed);
    sessionOpener.publishEnded(opened.ended);
    dependencies.throttle().recordSuccess(account, client);
    return new SignedIn(session.session(), opened.player);
  }

  private boolean hasSessionAt(Optional<StoredPassword> stored, Client client) {
    return stored.isPresent()
        && sessionLists.hasSessionAt(database, stored.get().player(), client.address());
  }

  private record Opened(Identity player, List<SessionId> ended) {}

  /**
   * @param rehashed replaces the hash, which is outdated; null to keep it
   */
  private Opened open(NewSession session, String kind, String hash, @Nullable String rehashed) {
    PlayerId player = session.player();
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
          return new Opened(identity, sessionOpener.open(tx, kind, List.of(session)));
        });
  }
}

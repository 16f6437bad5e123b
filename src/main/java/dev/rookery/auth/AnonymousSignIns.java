package dev.rookery.auth;

import dev.rookery.auth.SessionStore.NewSession;
import dev.rookery.base.FieldErrors;
import dev.rookery.base.SessionId;
import dev.rookery.player.Credentials;
import dev.rookery.player.Credentials.NewPlayer;
import dev.rookery.player.Identity;
import dev.rookery.store.Database;
import java.util.List;

/** Signs in players who give only a name. Each sign-in creates a new player. */
final class AnonymousSignIns {
  private static final String SESSION_KIND = "anonymous";

  private final Database database;
  private final Credentials credentials;
  private final SessionOpener sessionOpener;
  private final TokenIssuer tokenIssuer;
  private final AuthSettings settings;

  AnonymousSignIns(
      Database database,
      Credentials credentials,
      SessionOpener sessionOpener,
      TokenIssuer tokenIssuer,
      AuthSettings settings) {
    this.database = database;
    this.credentials = credentials;
    this.sessionOpener = sessionOpener;
    this.tokenIssuer = tokenIssuer;
    this.settings = settings;
  }

  LongLivedToken signIn(AuthCommand.SignInAnonymously signIn) {
    String name = signIn.name().strip();
    new FieldErrors().visibleLine("name", name, settings.limits().displayNameMax()).refuse();
    SessionId session = tokenIssuer.newSessionId();
    credentials.prepareToCreate(database);
    Identity player =
        database.write(
            tx -> {
              Identity created =
                  credentials
                      .create(tx, new NewPlayer(null, null, null, name, false))
                      .orElseThrow();
              var newSession = new NewSession(session, created.player(), signIn.client());
              sessionOpener.open(tx, SESSION_KIND, List.of(newSession));
              return created;
            });
    return tokenIssuer.issueLongLived(session, player, player.uuid());
  }
}

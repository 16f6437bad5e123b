package dev.rookery.auth;

import dev.rookery.auth.SessionStore.Opened;
import dev.rookery.base.FieldErrors;
import dev.rookery.base.SessionId;
import dev.rookery.player.Credentials;
import dev.rookery.player.Credentials.NewPlayer;
import dev.rookery.player.Identity;
import dev.rookery.store.Database;
import java.util.List;

/** Players who give nothing but a name: each sign-in is a new one. */
final class AnonymousSignIns {
  private static final String KIND = "anonymous";

  private final Database database;
  private final Credentials identities;
  private final Entrance entrance;
  private final TokenIssuer pairs;
  private final AuthSettings settings;

  AnonymousSignIns(
      Database database,
      Credentials identities,
      Entrance entrance,
      TokenIssuer pairs,
      AuthSettings settings) {
    this.database = database;
    this.identities = identities;
    this.entrance = entrance;
    this.pairs = pairs;
    this.settings = settings;
  }

  LongLivedToken signIn(AuthCommand.SignInAnonymously signIn) {
    String name = signIn.name().strip();
    new FieldErrors().text("name", name, 1, settings.limits().displayNameMax()).refuse();
    SessionId session = pairs.newSession();
    identities.beforeCreating(database);
    Identity player =
        database.write(
            tx -> {
              Identity created =
                  identities.create(tx, new NewPlayer(null, null, null, name, false)).orElseThrow();
              var opened = new Opened(session, created.player(), signIn.client());
              entrance.enter(tx, KIND, List.of(opened));
              return created;
            });
    return pairs.lasting(session, player, player.uuid());
  }
}

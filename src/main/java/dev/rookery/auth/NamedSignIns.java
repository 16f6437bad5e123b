package dev.rookery.auth;

import dev.rookery.auth.SessionStore.Opened;
import dev.rookery.base.FieldErrors;
import dev.rookery.base.SessionId;
import dev.rookery.player.Identities;
import dev.rookery.player.Identities.NewPlayer;
import dev.rookery.player.Identity;
import dev.rookery.store.Database;
import java.util.List;

/** Players who give nothing but a name: each sign-in is a new one. */
final class NamedSignIns {
  private static final String KIND = "anonymous";

  private final Database database;
  private final Identities identities;
  private final Entrance entrance;
  private final TokenPairs pairs;
  private final AuthSettings settings;

  NamedSignIns(
      Database database,
      Identities identities,
      Entrance entrance,
      TokenPairs pairs,
      AuthSettings settings) {
    this.database = database;
    this.identities = identities;
    this.entrance = entrance;
    this.pairs = pairs;
    this.settings = settings;
  }

  LongSignIn signIn(AuthCommand.SignInByName signIn) {
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

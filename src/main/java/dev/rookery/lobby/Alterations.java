package dev.rookery.lobby;

import dev.rookery.auth.PasswordHasher;
import dev.rookery.base.Topic;
import dev.rookery.lobby.LobbyCommand.Change;
import dev.rookery.lobby.LobbyCommand.Settings;
import dev.rookery.player.Players;
import dev.rookery.store.Database;

/** Changes to what a lobby is like. */
final class Alterations {
  private final Database database;
  private final LobbyStore lobbies;
  private final Players players;
  private final PasswordHasher passwords;
  private final LobbyRules rules;

  Alterations(
      Database database,
      LobbyStore lobbies,
      Players players,
      PasswordHasher passwords,
      LobbyRules rules) {
    this.database = database;
    this.lobbies = lobbies;
    this.players = players;
    this.passwords = passwords;
    this.rules = rules;
  }

  Lobby change(Change change) {
    Settings settings = change.settings();
    var errors = rules.errorsChanging(settings);
    String password = settings.password();
    String hash =
        password == null || password.isEmpty() || !errors.isEmpty()
            ? null
            : passwords.hash(password);
    return database.write(
        tx -> {
          Stored found = Exits.held(tx, lobbies, players, change.by());
          LobbyRules.mayDecide(found.lobby(), players.find(tx, change.by()));
          LobbyRules.maySeat(found.lobby(), settings);
          errors.refuse();
          Lobby lobby =
              lobbies.save(
                  tx,
                  found.lobby().id(),
                  Draft.of(found.lobby()).with(settings),
                  password == null ? found.passwordHash() : hash);
          tx.append(
              Topic.lobby(lobby.id()),
              new LobbyEvent.Changed(lobby, players.findInLobby(tx, lobby.id())));
          return lobby;
        });
  }
}

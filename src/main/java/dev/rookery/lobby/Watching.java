package dev.rookery.lobby;

import dev.rookery.base.LobbyId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.lobby.LobbyCommand.Watch;
import dev.rookery.player.Player;
import dev.rookery.player.Players;
import dev.rookery.store.Database;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Looking at a lobby, once or for as long as a connection lasts.
 *
 * <p>A snapshot must be of one moment: who follows the stream from its position hears each change
 * that it does not contain, and none that it does. Lobby, position and members are read without
 * holding anything, and read again if the lobby's revision moved meanwhile; every change of who is
 * in it moves the revision.
 */
final class Watching {
  private static final int TRIES_MAX = 20;

  private final Database database;
  private final LobbyStore lobbies;
  private final SpectatorStore spectators;
  private final Players players;

  Watching(Database database, LobbyStore lobbies, SpectatorStore spectators, Players players) {
    this.database = database;
    this.lobbies = lobbies;
    this.spectators = spectators;
    this.players = players;
  }

  LobbySnapshot show(LobbyId id) {
    return snapshot(id)
        .filter(found -> !found.lobby().hidden())
        .orElseThrow(() -> Refused.missing("lobby_not_found"));
  }

  Admission watch(Watch watch) {
    LobbySnapshot snapshot = snapshot(watch.lobby()).orElseThrow(Watching::notFound);
    if (snapshot.members().stream().anyMatch(member -> member.id().equals(watch.player()))) {
      return new Admission(snapshot, false);
    }
    Player player = players.find(database, watch.player());
    if (LobbyRules.isIn(snapshot.lobby(), player)) {
      // He came in after the snapshot, which he will hear.
      return new Admission(snapshot, false);
    }
    if (player.lobby() != null) {
      throw Refused.denied("must_spectate_own_lobby");
    }
    if (!spectators.add(database, watch.connection(), watch.lobby(), watch.player())) {
      boolean gone = lobbies.find(database, watch.lobby()).isEmpty();
      throw gone ? notFound() : Refused.denied("not_spectatable");
    }
    return new Admission(snapshot, true);
  }

  void unwatch(String connection) {
    spectators.remove(database, connection);
  }

  private Optional<LobbySnapshot> snapshot(LobbyId id) {
    for (int tries = 0; tries < TRIES_MAX; tries++) {
      Optional<LobbyStore.Glance> found = lobbies.glance(database, id);
      if (found.isEmpty()) {
        return Optional.empty();
      }
      LobbyStore.Glance glance = found.get();
      List<Player> members = players.findInLobby(database, id);
      OptionalLong revision = lobbies.revision(database, id);
      if (revision.isPresent() && revision.getAsLong() == glance.lobby().revision()) {
        return Optional.of(
            new LobbySnapshot(glance.lobby(), members, glance.spectators(), glance.position()));
      }
    }
    throw new Refused(new Refusal.Unavailable("lobby_busy"));
  }

  private static Refused notFound() {
    return Refused.missing("not_found");
  }
}

package dev.rookery.lobby;

import dev.rookery.base.LobbyId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Done;
import dev.rookery.lobby.LobbyCommand.Admission;
import dev.rookery.lobby.LobbyCommand.Unwatch;
import dev.rookery.lobby.LobbyCommand.Watch;
import dev.rookery.lobby.LobbyQuery.LobbySnapshot;
import dev.rookery.lobby.LobbyQuery.WatchedLobby;
import dev.rookery.lobby.LobbyStore.Watched;
import dev.rookery.player.Player;
import dev.rookery.player.Players;
import dev.rookery.store.Database;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Shows lobbies, once or for as long as a connection lasts.
 *
 * <p>A snapshot is of one moment: a client that follows the stream from the snapshot's position is
 * told each change that the snapshot does not contain, and none that it does. Lobby, position and
 * members are read without a lock, and read again if the lobby's revision changed meanwhile; every
 * change of its members changes the revision.
 */
final class Spectators {
  private static final int TRIES_MAX = 20;

  private final Database database;
  private final LobbyStore lobbies;
  private final SpectatorStore spectators;
  private final Players players;

  /**
   * @param byCode whether it is entered by its code alone as long as it is hidden
   */
  private record Found(LobbySnapshot snapshot, boolean byCode) {}

  Spectators(Database database, LobbyStore lobbies, SpectatorStore spectators, Players players) {
    this.database = database;
    this.lobbies = lobbies;
    this.spectators = spectators;
    this.players = players;
  }

  LobbySnapshot show(LobbyId id) {
    return find(id)
        .map(Found::snapshot)
        .filter(found -> !found.lobby().hidden())
        .orElseThrow(() -> Refused.missing("lobby_not_found"));
  }

  List<Player> members(LobbyId id) {
    return find(id)
        .map(found -> found.snapshot().members())
        .orElseThrow(() -> Refused.missing("lobby_not_found"));
  }

  Admission watch(Watch watch) {
    Found found = find(watch.lobby()).orElseThrow(Spectators::notFound);
    LobbySnapshot snapshot = found.snapshot();
    if (snapshot.members().stream().anyMatch(member -> member.id().equals(watch.player()))) {
      return new Admission(snapshot, false);
    }
    Player player = players.find(database, watch.player());
    if (watch.lobby().equals(player.lobby())) {
      // Joined after the snapshot, and will be told so by the stream.
      return new Admission(snapshot, false);
    }
    if (found.byCode() && snapshot.lobby().hidden()) {
      // Ids ascend, so another refusal would tell strangers of it.
      throw notFound();
    }
    if (player.lobby() != null) {
      throw Refused.denied("must_spectate_own_lobby");
    }
    if (!spectators.add(database, watch.connection(), watch.lobby(), watch.player())) {
      boolean gone = lobbies.revision(database, watch.lobby()).isEmpty();
      throw gone ? notFound() : Refused.denied("not_spectatable");
    }
    return new Admission(snapshot, true);
  }

  Done unwatch(Unwatch unwatch) {
    spectators.remove(database, unwatch.connection());
    return Done.DONE;
  }

  /** The lobby with the number of its spectators at this moment. */
  WatchedLobby watched(Lobby lobby) {
    int count = lobbies.watched(database, lobby.id()).map(Watched::spectators).orElse(0);
    return new WatchedLobby(lobby, count);
  }

  private Optional<Found> find(LobbyId id) {
    for (int tries = 0; tries < TRIES_MAX; tries++) {
      Optional<Watched> found = lobbies.watched(database, id);
      if (found.isEmpty()) {
        return Optional.empty();
      }
      Watched watched = found.get();
      List<Player> members = players.findInLobby(database, id);
      OptionalLong revision = lobbies.revision(database, id);
      if (revision.isPresent() && revision.getAsLong() == watched.lobby().revision()) {
        return Optional.of(
            new Found(
                new LobbySnapshot(
                    watched.lobby(), members, watched.spectators(), watched.position()),
                watched.byCode()));
      }
    }
    throw new Refused(new Refusal.Unavailable("lobby_busy"));
  }

  private static Refused notFound() {
    return Refused.missing("not_found");
  }
}

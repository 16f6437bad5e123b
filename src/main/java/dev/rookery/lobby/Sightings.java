package dev.rookery.lobby;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.lobby.LobbyQuery.Find;
import dev.rookery.lobby.LobbyQuery.Sighting;
import dev.rookery.player.Players;
import dev.rookery.store.Database;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Together;
import io.vertx.core.Context;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Lobbies that are looked for at the same time are read together. */
final class Sightings {
  private final Database database;
  private final TeamStore rows;
  private final Players players;
  private final Together<Find, Optional<Sighting>> together;
  private final Together<PlayerId, Optional<Lobby>> byPlayer;

  /**
   * @param context of the verticle on virtual threads that serves the queries
   */
  Sightings(Context context, Database database, TeamStore rows, Players players) {
    this.database = database;
    this.rows = rows;
    this.players = players;
    this.together = new Together<>(context, Placeholders.MANY_MAX, this::findAll);
    this.byPlayer = new Together<>(context, Placeholders.MANY_MAX, this::ofAll);
  }

  /** {@code Missing("lobby_not_found")} if there is none, or neither id nor code. */
  Sighting find(Find find) {
    return together.ask(find).orElseThrow(() -> Refused.missing("lobby_not_found"));
  }

  /** The lobby that the player is in. */
  Optional<Lobby> of(PlayerId player) {
    return byPlayer.ask(player);
  }

  private List<Optional<Lobby>> ofAll(List<PlayerId> all) {
    Map<PlayerId, LobbyId> places = players.places(database, new HashSet<>(all));
    var lobbies = new HashMap<LobbyId, Lobby>();
    if (!places.isEmpty()) {
      rows.byIds(database, new HashSet<>(places.values()))
          .forEach(seen -> lobbies.put(seen.lobby().id(), seen.lobby()));
    }
    return all.stream()
        .map(player -> Optional.ofNullable(places.get(player)).map(lobbies::get))
        .toList();
  }

  private List<Optional<Sighting>> findAll(List<Find> all) {
    var ids = new HashSet<LobbyId>();
    var codes = new HashSet<Integer>();
    for (Find one : all) {
      if (one.lobby() != null) {
        ids.add(one.lobby());
      } else if (one.code() != null) {
        codes.add(one.code());
      }
    }
    var byId = new HashMap<LobbyId, Sighting>();
    var byCode = new HashMap<Integer, Sighting>();
    if (!ids.isEmpty()) {
      rows.byIds(database, ids).forEach(seen -> byId.put(seen.lobby().id(), seen));
    }
    if (!codes.isEmpty()) {
      rows.byCodes(database, codes).forEach(seen -> byCode.put(seen.lobby().code(), seen));
    }
    return all.stream()
        .map(one -> one.lobby() != null ? byId.get(one.lobby()) : byCode.get(one.code()))
        .map(Optional::ofNullable)
        .toList();
  }
}

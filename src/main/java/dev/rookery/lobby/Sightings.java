package dev.rookery.lobby;

import dev.rookery.base.LobbyId;
import dev.rookery.base.Refused;
import dev.rookery.lobby.LobbyQuery.Find;
import dev.rookery.lobby.LobbyQuery.Sighting;
import dev.rookery.store.Database;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Together;
import io.vertx.core.Context;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** Lobbies that are looked for at the same time are read together. */
final class Sightings {
  private final Database database;
  private final TeamStore rows;
  private final Together<Find, Optional<Sighting>> together;

  /**
   * @param context of the verticle on virtual threads that serves the queries
   */
  Sightings(Context context, Database database, TeamStore rows) {
    this.database = database;
    this.rows = rows;
    this.together = new Together<>(context, Placeholders.MANY_MAX, this::findAll);
  }

  /** {@code Missing("lobby_not_found")} if there is none, or neither id nor code. */
  Sighting find(Find find) {
    return together.ask(find).orElseThrow(() -> Refused.missing("lobby_not_found"));
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

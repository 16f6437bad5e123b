package dev.rookery.lobby;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.lobby.LobbyQuery.Find;
import dev.rookery.lobby.LobbyQuery.Sighting;
import dev.rookery.player.Players;
import dev.rookery.store.Batcher;
import dev.rookery.store.Database;
import dev.rookery.store.Placeholders;
import io.vertx.core.Context;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lobbies that are looked for at the same time are read together. */
final class Sightings {
  private final Database database;
  private final TeamStore rows;
  private final Players players;
  private final Batcher<Find, Optional<Sighting>> together;
  private final Batcher<Whose, Optional<Lobby>> byPlayer;

  /**
   * @param context of the verticle on virtual threads that serves the queries
   */
  Sightings(Context context, Database database, TeamStore rows, Players players) {
    this.database = database;
    this.rows = rows;
    this.players = players;
    this.together = new Batcher<>(context, Placeholders.MANY_MAX, this::findAll);
    this.byPlayer = new Batcher<>(context, Placeholders.MANY_MAX, this::ofAll);
  }

  /** {@code Missing("lobby_not_found")} if there is none, or neither id nor code. */
  Sighting find(Find find) {
    return together.ask(find).orElseThrow(() -> Refused.missing("lobby_not_found"));
  }

  /**
   * The lobby that the player is in.
   *
   * @param seenIn the one in which he was last seen, null if unknown
   */
  Optional<Lobby> of(PlayerId player, @Nullable LobbyId seenIn) {
    Optional<Lobby> there =
        seenIn == null
            ? Optional.empty()
            : byPlayer.ask(new Whose(player, seenIn)).filter(lobby -> isIn(lobby, player));
    return there.or(() -> byPlayer.ask(new Whose(player, null)));
  }

  /** Whether he is in it for certain; teams know all members. */
  private static boolean isIn(Lobby lobby, PlayerId player) {
    Roster roster = lobby.roster();
    return roster != null && roster.find(player).isPresent();
  }

  private List<Optional<Lobby>> ofAll(List<Whose> all) {
    var places = new HashMap<Whose, LobbyId>();
    var unseen = new HashSet<PlayerId>();
    for (Whose one : all) {
      if (one.seenIn() == null) {
        unseen.add(one.player());
      } else {
        places.put(one, one.seenIn());
      }
    }
    if (!unseen.isEmpty()) {
      players
          .findLobbies(database, unseen)
          .forEach((player, place) -> places.put(new Whose(player, null), place));
    }
    var lobbies = new HashMap<LobbyId, Lobby>();
    if (!places.isEmpty()) {
      rows.open(database, new HashSet<>(places.values()))
          .forEach(lobby -> lobbies.put(lobby.id(), lobby));
    }
    return all.stream().map(one -> Optional.ofNullable(places.get(one)).map(lobbies::get)).toList();
  }

  /** A lobby by one of its players, or by itself. */
  private record Whose(PlayerId player, @Nullable LobbyId seenIn) {}

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

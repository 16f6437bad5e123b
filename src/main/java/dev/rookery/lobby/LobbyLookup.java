package dev.rookery.lobby;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.lobby.LobbyQuery.FindByCode;
import dev.rookery.lobby.LobbyQuery.FindJoinable;
import dev.rookery.lobby.LobbyQuery.FoundLobby;
import dev.rookery.lobby.LobbyStore.Candidate;
import dev.rookery.player.Player;
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

/** Finds lobbies. Those that are looked for at the same time are read together. */
final class LobbyLookup {
  private final Database database;
  private final LobbyStore store;
  private final Players players;
  private final CodeThrottle throttle;
  private final Batcher<Key, Optional<FoundLobby>> finds;

  /** Looks for an id, or for a code if the id is null. */
  private record Key(@Nullable LobbyId lobby, @Nullable Integer code) {}

  /**
   * @param context of the verticle on virtual threads that serves the queries
   */
  LobbyLookup(
      Context context,
      Database database,
      LobbyStore store,
      Players players,
      CodeThrottle throttle) {
    this.database = database;
    this.store = store;
    this.players = players;
    this.throttle = throttle;
    this.finds = new Batcher<>(context, Placeholders.MANY_MAX, this::findAll);
  }

  /** {@code Missing("lobby_not_found")}. */
  FoundLobby find(LobbyId lobby) {
    return find(new Key(lobby, null));
  }

  /** {@code Missing("lobby_not_found")}, {@code Limited("too_many_attempts")}. */
  FoundLobby findByCode(FindByCode find) {
    var key = new Key(null, find.code());
    return throttle.enter(find.player(), find.clientAddress(), () -> find(key), _ -> true);
  }

  Optional<LobbyId> findJoinable(FindJoinable find) {
    var after = new LobbyId(0);
    for (int looks = 0; looks < LobbyReadSet.LOOKS_MAX; looks++) {
      List<Candidate> found =
          store.candidates(database, after, find.seatsMax(), LobbyReadSet.CANDIDATES_AT_ONCE);
      for (Candidate candidate : found) {
        after = candidate.id();
        if (find.players() <= candidate.room()
            && LobbyRules.fits(candidate.data(), find.metadata())) {
          return Optional.of(candidate.id());
        }
      }
      if (found.size() < LobbyReadSet.CANDIDATES_AT_ONCE) {
        break;
      }
    }
    return Optional.empty();
  }

  private FoundLobby find(Key key) {
    return finds.ask(key).orElseThrow(() -> Refused.missing("lobby_not_found"));
  }

  /**
   * The lobby that the player is in. {@code Conflict("not_in_lobby")}, {@code
   * Missing("lobby_not_found")}.
   *
   * @param seenIn the one in which the player was last seen, null if unknown
   */
  Lobby of(PlayerId player, @Nullable LobbyId seenIn) {
    return findOpen(seenIn)
        .filter(lobby -> isIn(lobby, player))
        .orElseGet(() -> of(players.find(database, player)));
  }

  private Lobby of(Player player) {
    if (player.lobby() == null) {
      throw Refused.conflict("not_in_lobby");
    }
    return findOpen(player.lobby()).orElseThrow(() -> Refused.missing("lobby_not_found"));
  }

  private Optional<Lobby> findOpen(@Nullable LobbyId id) {
    return id == null ? Optional.empty() : finds.ask(new Key(id, null)).map(FoundLobby::lobby);
  }

  /** Whether the player is in the lobby for certain: the teams know all members. */
  private static boolean isIn(Lobby lobby, PlayerId player) {
    Roster roster = lobby.roster();
    return roster != null && roster.find(player).isPresent();
  }

  private List<Optional<FoundLobby>> findAll(List<Key> all) {
    var ids = new HashSet<LobbyId>();
    var codes = new HashSet<Integer>();
    for (Key one : all) {
      if (one.lobby() != null) {
        ids.add(one.lobby());
      } else if (one.code() != null) {
        codes.add(one.code());
      }
    }
    var byId = new HashMap<LobbyId, FoundLobby>();
    var byCode = new HashMap<Integer, FoundLobby>();
    if (!ids.isEmpty()) {
      store.byIds(database, ids).forEach(found -> byId.put(found.lobby().id(), found));
    }
    if (!codes.isEmpty()) {
      store.byCodes(database, codes).forEach(found -> byCode.put(found.lobby().code(), found));
    }
    return all.stream()
        .map(one -> one.lobby() != null ? byId.get(one.lobby()) : byCode.get(one.code()))
        .map(Optional::ofNullable)
        .toList();
  }
}

package dev.rookery.lobby;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.lobby.LobbyCommand.Join;
import dev.rookery.player.Player;
import dev.rookery.player.Players;
import dev.rookery.store.Database;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Together;
import dev.rookery.store.Transaction;
import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Joins that come at the same time share two statements and one wait for the disk.
 *
 * <p>Only what needs no look of its own goes that way: one player into each lobby, without a
 * password or a key, where nothing is in the way. Everybody else goes in alone, to hear why not.
 */
final class Arrivals {
  private final Database database;
  private final Players players;
  private final Entrances entrances;
  private final SeatStore seats = new SeatStore();
  private final Together<Join, Optional<Lobby>> together;

  /**
   * @param context of the verticle on virtual threads that serves the commands
   */
  Arrivals(Context context, Database database, Players players, Entrances entrances) {
    this.database = database;
    this.players = players;
    this.entrances = entrances;
    this.together = new Together<>(context, Placeholders.MANY_MAX, this::joinAll);
  }

  Entry join(Join join) {
    Optional<Lobby> joined = isPlain(join) ? together.ask(join) : Optional.empty();
    return joined.map(lobby -> new Entry(lobby, false)).orElseGet(() -> entrances.join(join));
  }

  private static boolean isPlain(Join join) {
    String password = join.password();
    return join.idempotencyKey() == null && (password == null || password.isEmpty());
  }

  private List<Optional<Lobby>> joinAll(List<Join> all) {
    Map<LobbyId, Join> first = firsts(all);
    Map<LobbyId, Lobby> joined = database.write(tx -> joined(tx, first));
    var answers = new ArrayList<Optional<Lobby>>(all.size());
    for (Join one : all) {
      boolean chosen = first.get(one.lobby()) == one;
      answers.add(chosen ? Optional.ofNullable(joined.get(one.lobby())) : Optional.empty());
    }
    return answers;
  }

  /** One of each player, and one into each lobby. */
  private static Map<LobbyId, Join> firsts(List<Join> all) {
    var busy = new HashSet<PlayerId>();
    var firsts = new LinkedHashMap<LobbyId, Join>();
    for (Join one : all) {
      if (busy.add(one.player())) {
        firsts.putIfAbsent(one.lobby(), one);
      }
    }
    return firsts;
  }

  private Map<LobbyId, Lobby> joined(Transaction tx, Map<LobbyId, Join> wishes) {
    Map<LobbyId, Lobby> taken = seats.take(tx, wishes.keySet());
    if (taken.isEmpty()) {
      return Map.of();
    }
    var comers = new HashMap<PlayerId, LobbyId>();
    wishes.forEach(
        (lobby, wish) -> {
          if (taken.containsKey(lobby)) {
            comers.put(wish.player(), lobby);
          }
        });
    Map<PlayerId, Player> entered = players.enterAll(tx, comers);
    if (entered.size() < comers.size()) {
      comers.keySet().removeAll(entered.keySet());
      seats.untake(tx, comers.values());
      taken.keySet().removeAll(comers.values());
    }
    wishes.forEach(
        (id, wish) -> {
          Lobby lobby = taken.get(id);
          Player player = entered.get(wish.player());
          if (lobby != null && player != null) {
            Entrances.tell(tx, players, lobby, player);
          }
        });
    return taken;
  }
}

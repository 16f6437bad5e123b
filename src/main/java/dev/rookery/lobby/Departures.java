package dev.rookery.lobby;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Done;
import dev.rookery.lobby.LobbyCommand.Leave;
import dev.rookery.player.Player;
import dev.rookery.player.Players;
import dev.rookery.store.Database;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Together;
import dev.rookery.store.Transaction;
import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Leaves that come at the same time share a few statements and one wait for the disk: one member of
 * each lobby without teams. Everybody else leaves alone.
 */
final class Departures {
  private final Database database;
  private final Players players;
  private final Exits exits;
  private final SeatStore seats = new SeatStore();
  private final Together<Leave, Optional<Done>> together;

  /**
   * @param context of the verticle on virtual threads that serves the commands
   */
  Departures(Context context, Database database, Players players, Exits exits) {
    this.database = database;
    this.players = players;
    this.exits = exits;
    this.together = new Together<>(context, Placeholders.MANY_MAX, this::leaveAll);
  }

  Done leave(Leave leave) {
    Optional<Done> left = leave.idempotencyKey() == null ? together.ask(leave) : Optional.empty();
    return left.orElseGet(() -> exits.leave(leave));
  }

  private List<Optional<Done>> leaveAll(List<Leave> all) {
    Set<PlayerId> leavers = all.stream().map(Leave::player).collect(Collectors.toSet());
    Map<PlayerId, LobbyId> places = players.places(database, leavers);
    var first = new LinkedHashMap<LobbyId, PlayerId>();
    places.forEach((player, lobby) -> first.putIfAbsent(lobby, player));
    Set<LobbyId> left = first.isEmpty() ? Set.of() : leave(first);
    var answers = new ArrayList<Optional<Done>>(all.size());
    for (Leave one : all) {
      LobbyId lobby = places.get(one.player());
      boolean done =
          lobby == null || (left.contains(lobby) && one.player().equals(first.get(lobby)));
      answers.add(done ? Optional.of(Done.DONE) : Optional.empty());
    }
    return answers;
  }

  /** The lobbies that were left; none if anybody moved meanwhile, and nothing is changed then. */
  private Set<LobbyId> leave(Map<LobbyId, PlayerId> leavers) {
    try {
      return database.write(tx -> left(tx, leavers));
    } catch (Refused refused) {
      if (refused.refusal() instanceof Refusal.Conflict) {
        return Set.of();
      }
      throw refused;
    }
  }

  private Set<LobbyId> left(Transaction tx, Map<LobbyId, PlayerId> leavers) {
    Map<LobbyId, Lobby> before = seats.giveBack(tx, leavers);
    if (before.isEmpty()) {
      return Set.of();
    }
    var goers = new HashMap<PlayerId, LobbyId>();
    leavers.forEach(
        (lobby, leaver) -> {
          if (before.containsKey(lobby)) {
            goers.put(leaver, lobby);
          }
        });
    Map<PlayerId, Player> gone = players.exitAll(tx, goers);
    var headless = before.values().stream().filter(Exits::isHeadless).map(Lobby::id).toList();
    Map<LobbyId, Lobby> succeeded = headless.isEmpty() ? Map.of() : seats.succeed(tx, headless);
    leavers.forEach(
        (id, leaver) -> {
          Lobby lobby = before.get(id);
          Player player = gone.get(leaver);
          if (lobby != null && player != null) {
            Exits.tell(tx, lobby, succeeded.getOrDefault(id, lobby), player);
          }
        });
    return before.keySet();
  }
}

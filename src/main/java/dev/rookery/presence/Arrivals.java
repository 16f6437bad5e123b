package dev.rookery.presence;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.player.Player;
import dev.rookery.player.Players;
import dev.rookery.presence.PresenceStore.Place;
import dev.rookery.store.Batcher;
import dev.rookery.store.Database;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Transaction;
import io.vertx.core.Context;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Shows players in. Those who come at the same time are shown in together, in two statements
 * besides what is told, with one wait for the disk: when a node is lost thousands come to another.
 */
final class Arrivals {
  private final Database database;
  private final Players players;
  private final Attendance attendance;
  private final PresenceStore rows = new PresenceStore();
  private final Batcher<Coming, Came> together;

  Arrivals(Context context, Database database, Players players, Attendance attendance) {
    this.database = database;
    this.players = players;
    this.attendance = attendance;
    this.together = new Batcher<>(context, Placeholders.MANY_MAX, this::showIn);
  }

  /**
   * Empty if this run of the node was given up for dead; {@code Missing("player_not_found")}. A
   * player may come but once at a time.
   */
  Optional<Arrival> showIn(PlayerId player, long run) {
    return switch (together.ask(new Coming(player, run))) {
      case In(var arrival) -> Optional.of(arrival);
      case Not.TOO_LATE -> Optional.empty();
      case Not.AT_ALL -> throw Refused.missing("player_not_found");
    };
  }

  /** Nearly always there is one run. */
  private List<Came> showIn(List<Coming> coming) {
    var came = new HashMap<Coming, Came>();
    coming.stream()
        .collect(
            Collectors.groupingBy(
                Coming::run, Collectors.mapping(Coming::player, Collectors.toSet())))
        .forEach(
            (run, all) ->
                database
                    .write(tx -> showIn(tx, all, run))
                    .forEach((player, one) -> came.put(new Coming(player, run), one)));
    return coming.stream().map(one -> came.getOrDefault(one, Not.AT_ALL)).toList();
  }

  private Map<PlayerId, Came> showIn(Transaction tx, Set<PlayerId> coming, long run) {
    Map<PlayerId, Player> arrived = players.setOnline(tx, coming);
    Map<PlayerId, Place> places =
        arrived.isEmpty() ? Map.of() : rows.arrive(tx, arrived.keySet(), run);
    var came = new HashMap<PlayerId, Came>();
    arrived.forEach((id, player) -> came.put(id, came(tx, player, places.get(id))));
    return came;
  }

  private Came came(Transaction tx, Player player, @Nullable Place place) {
    if (place == null) {
      return Not.TOO_LATE;
    }
    if (place.first()) {
      attendance.tellLobby(tx, player, true);
    }
    return new In(new Arrival(player, place.position(), place.noticed()));
  }

  private record Coming(PlayerId player, long run) {}

  private sealed interface Came {}

  private record In(Arrival arrival) implements Came {}

  private enum Not implements Came {
    TOO_LATE,
    AT_ALL
  }
}

package dev.rookery.player;

import dev.rookery.base.Event;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Topic;
import dev.rookery.store.Transaction;
import java.util.Collection;
import java.util.Objects;
import java.util.function.Function;

/**
 * What happens to an account, on the stream of the player. No wire shows these events: they are for
 * durable consumers, and appended only while one reads them.
 */
public sealed interface AccountEvent extends Event {
  /** The player after it. */
  Player player();

  /** The account was created. */
  record Registered(Player player) implements AccountEvent {}

  /** A session was opened. */
  record SignedIn(Player player) implements AccountEvent {}

  /** Name or metadata were saved. */
  record Updated(Player player) implements AccountEvent {}

  /** The first socket was opened. */
  record Online(Player player) implements AccountEvent {}

  /** The last socket was closed, and the player did not come back in time. */
  record Offline(Player player) implements AccountEvent {}

  /** Appends an event if consumers read its type. */
  static void append(
      Transaction tx,
      Class<? extends AccountEvent> type,
      Player player,
      Function<Player, AccountEvent> event) {
    if (tx.isConsumed(type)) {
      tx.append(Topic.player(player.id()), event.apply(player));
    }
  }

  /** As {@link #append}, for players who are read for it. */
  static void append(
      Transaction tx,
      Class<? extends AccountEvent> type,
      Players players,
      Collection<PlayerId> ids,
      Function<Player, AccountEvent> event) {
    if (tx.isConsumed(type)) {
      var found = players.findAll(tx, ids);
      ids.stream()
          .distinct()
          .map(found::get)
          .filter(Objects::nonNull)
          .forEach(player -> append(tx, type, player, event));
    }
  }
}

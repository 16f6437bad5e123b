package dev.rookery.chat;

import dev.rookery.base.GroupId;
import dev.rookery.base.LobbyId;
import dev.rookery.base.PartyId;
import dev.rookery.chat.Conversation.Kind;
import dev.rookery.group.Groups;
import dev.rookery.lobby.Lobbies;
import dev.rookery.party.Parties;
import dev.rookery.store.Database;
import dev.rookery.store.Transaction;
import io.micrometer.core.instrument.Counter;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.ToLongFunction;

/**
 * Removes the chat of closed lobbies, parties and groups, and then their rows; and what is left of
 * direct messages after a friendship has ended. Nobody can write there any more, so it may run late
 * and in small steps, and two nodes may do it at once.
 */
final class ClosedChatSweep {
  private static final long NOTHING = -1;

  private final Database database;
  private final Groups groups;
  private final Parties parties;
  private final Lobbies lobbies;
  private final SweepStore rows = new SweepStore();
  private final DirectMessagePurge direct = new DirectMessagePurge();

  ClosedChatSweep(Database database, Groups groups, Parties parties, Lobbies lobbies) {
    this.database = database;
    this.groups = groups;
    this.parties = parties;
    this.lobbies = lobbies;
  }

  /**
   * One step of each kind; returns how many rows it removed, or -1 when there was nothing to do.
   */
  long step() {
    long lobby = remove(Kind.LOBBY, lobbies.closed(database), LobbyId::value, lobbies::forget);
    long party = remove(Kind.PARTY, parties.closed(database), PartyId::value, parties::forget);
    long group = remove(Kind.GROUP, groups.closed(database), GroupId::value, groups::forget);
    var messages = direct.step(database);
    messages.ifPresent(counter(Kind.DIRECT)::increment);
    if (lobby < 0 && party < 0 && group < 0 && messages.isEmpty()) {
      return NOTHING;
    }
    return Math.max(0, lobby) + Math.max(0, party) + Math.max(0, group) + messages.orElse(0);
  }

  private <I> long remove(
      Kind kind, List<I> closed, ToLongFunction<I> value, BiConsumer<Transaction, List<I>> forget) {
    if (closed.isEmpty()) {
      return NOTHING;
    }
    List<Long> ids = closed.stream().map(value::applyAsLong).toList();
    int removed =
        database.write(
            tx -> {
              var step = rows.remove(tx, kind, ids);
              if (step.all()) {
                forget.accept(tx, closed);
              }
              return step.rows();
            });
    counter(kind).increment(removed);
    return removed;
  }

  private Counter counter(Kind kind) {
    return Counter.builder("rookery.chat.swept")
        .description("Messages and read positions that were removed with their conversation")
        .tag("kind", ChatStore.name(kind))
        .register(database.registry());
  }
}

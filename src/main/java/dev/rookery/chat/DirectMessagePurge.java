package dev.rookery.chat;

import dev.rookery.friend.Friends.Pair;
import dev.rookery.friend.FriendshipEndListener;
import dev.rookery.store.Database;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Transaction;
import java.util.List;
import java.util.Optional;

/**
 * Deletes the direct messages of two players and how far they have read them when their friendship
 * ends (Gamend HTTP contract, 12.1), without an event.
 *
 * <p>The transaction that ends friendships deletes at most {@value #ROWS_AT_END} messages. What is
 * left of a longer history is deleted in steps afterwards, up to the message that was the newest
 * then: the players may be friends again meanwhile, and keep what they write from then on.
 */
public final class DirectMessagePurge implements FriendshipEndListener {
  static final int ROWS_AT_END = 500;
  private static final int ROWS_PER_STEP = 1_000;

  private final PurgeStore store = new PurgeStore();

  @Override
  public void onEnded(Transaction tx, List<Pair> pairs) {
    int room = ROWS_AT_END;
    for (int from = 0; from < pairs.size(); from += Placeholders.MANY_MAX) {
      var part = pairs.subList(from, Math.min(pairs.size(), from + Placeholders.MANY_MAX));
      if (room > 0) {
        room -= store.deleteMessages(tx, part, Long.MAX_VALUE, room);
      }
      store.postpone(tx, part);
      store.deleteCursors(tx, part, Long.MAX_VALUE);
    }
  }

  /** Deletes some of what was postponed; empty if there was nothing. */
  Optional<Integer> step(Database database) {
    return store
        .next(database)
        .map(
            next ->
                database.write(
                    tx -> {
                      List<Pair> pair = List.of(next.pair());
                      int deleted = store.deleteMessages(tx, pair, next.upTo(), ROWS_PER_STEP);
                      if (deleted == 0) {
                        store.deleteCursors(tx, pair, next.upTo());
                        store.finish(tx, next);
                      }
                      return deleted;
                    }));
  }
}

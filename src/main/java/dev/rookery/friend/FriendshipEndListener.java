package dev.rookery.friend;

import dev.rookery.friend.Friends.Pair;
import dev.rookery.store.Transaction;
import java.util.List;

/** What a later domain does when friendships end. */
@FunctionalInterface
public interface FriendshipEndListener {
  /**
   * Called in the transaction that ended the friendships of these pairs, which are one or more.
   * Both players of each are locked, and the friendships are deleted. The work must be bounded; it
   * is undone with the transaction.
   */
  void onEnded(Transaction tx, List<Pair> pairs);
}

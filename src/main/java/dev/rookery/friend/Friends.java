package dev.rookery.friend;

import dev.rookery.base.PlayerId;
import dev.rookery.friend.Friendship.State;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Reader;
import dev.rookery.store.Transaction;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What players are to each other, for later domains that decide by it in their transactions. */
public final class Friends {
  private final FriendStore store = new FriendStore();

  /** What two players are to each other. */
  public enum Relation {
    /** Neither friends nor blocked; requests between them may be pending or rejected. */
    NONE,
    FRIENDS,
    /** One of them has blocked the other. */
    BLOCKED
  }

  /**
   * Two players in the order of their ids, so that either direction is the same pair.
   *
   * @param lower the player with the lower id
   */
  public record Pair(PlayerId lower, PlayerId higher) {
    public static Pair of(PlayerId one, PlayerId other) {
      return one.value() <= other.value() ? new Pair(one, other) : new Pair(other, one);
    }
  }

  /** Returns what two players are to each other; a player is nothing to themselves. */
  public Relation relation(Reader reader, PlayerId one, PlayerId other) {
    Pair pair = Pair.of(one, other);
    return relations(reader, Set.of(pair)).getOrDefault(pair, Relation.NONE);
  }

  /** Whether the two are friends. */
  public boolean areFriends(Reader reader, PlayerId one, PlayerId other) {
    return relation(reader, one, other) == Relation.FRIENDS;
  }

  /** Whether one of the two has blocked the other. */
  public boolean isBlocked(Reader reader, PlayerId one, PlayerId other) {
    return relation(reader, one, other) == Relation.BLOCKED;
  }

  /**
   * Returns what the players of at most {@link Placeholders#MANY_MAX} pairs are to each other;
   * pairs without a relation are left out.
   */
  public Map<Pair, Relation> relations(Reader reader, Collection<Pair> pairs) {
    return relations(store.byPairs(reader, pairs));
  }

  /**
   * As {@link #relations}, and locks the friendships by ascending id: until the end of the
   * transaction nobody ends them or lifts the blocks. A transaction that locks players too does so
   * before this.
   */
  public Map<Pair, Relation> lockRelations(Transaction tx, Collection<Pair> pairs) {
    return relations(store.lockByPairs(tx, pairs));
  }

  /** Returns the friends of a player, at most {@code max}, those of the oldest requests first. */
  public List<PlayerId> friendsOf(Reader reader, PlayerId player, int max) {
    return store.friends(reader, player, max, 0).stream()
        .map(one -> one.otherThan(player))
        .toList();
  }

  private static Map<Pair, Relation> relations(List<Friendship> found) {
    var relations = new HashMap<Pair, Relation>();
    for (Friendship one : found) {
      Pair pair = Pair.of(one.requester(), one.target());
      if (one.state() == State.BLOCKED) {
        relations.put(pair, Relation.BLOCKED);
      } else if (one.state() == State.ACCEPTED) {
        relations.putIfAbsent(pair, Relation.FRIENDS);
      }
    }
    return relations;
  }
}

package dev.rookery.group;

import dev.rookery.base.GroupId;
import dev.rookery.base.PlayerId;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Reader;
import dev.rookery.store.Transaction;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Groups, for later domains that change rows of their own in the same transaction. */
public final class Groups {
  /** How many closed groups are given at once. */
  public static final int CLOSED_MAX = 100;

  private final LookupStore store = new LookupStore();

  /** A player and a group. */
  public record Pair(GroupId group, PlayerId player) {}

  /**
   * The open ones of at most {@link Placeholders#MANY_MAX} groups, and how many seconds a member
   * waits between two messages there. Their rows are locked until the end of the transaction, by
   * ascending id: until then nobody joins, leaves or changes them. A transaction that locks players
   * too does so after this.
   */
  public Map<GroupId, Integer> lockWithSlowdowns(Transaction tx, Collection<GroupId> ids) {
    return store.lockSlowdowns(tx, ids);
  }

  /** Whether the player is a member of the group, in any role. */
  public boolean isMember(Reader reader, GroupId group, PlayerId player) {
    return store.isMember(reader, group, player);
  }

  /** Those of at most {@link Placeholders#MANY_MAX} pairs of which the player is a member. */
  public Set<Pair> findMembers(Reader reader, Collection<Pair> pairs) {
    return store.findMembers(reader, pairs);
  }

  /**
   * Returns SQL that is 1 if the player is a member of the group, else 0. A closed group has no
   * members.
   *
   * @param group the column or value that holds the id of the group
   * @param player that of the player
   */
  public static String memberOf(String group, String player) {
    return LookupStore.MEMBER_OF.formatted(group, player);
  }

  /** Whether there is a group of which both players are members. */
  public boolean shareGroup(Reader reader, PlayerId one, PlayerId other) {
    return store.shareGroup(reader, one, other);
  }

  /**
   * The members of a group after a player by id, in ascending order; fewer than {@code max} only at
   * the end. For work that goes through all members in steps.
   *
   * @param after 0 for the first step
   */
  public List<PlayerId> memberIds(Reader reader, GroupId group, PlayerId after, int max) {
    return store.memberIds(reader, group, after, max);
  }

  /** The titles of the open ones of at most {@link Placeholders#MANY_MAX} groups. */
  public Map<GroupId, String> titles(Reader reader, Collection<GroupId> ids) {
    return store.titles(reader, ids);
  }

  /**
   * Groups that closed and still have a row, oldest first. What belongs to them can be removed in
   * small steps, for nobody can add to it.
   */
  public List<GroupId> closed(Reader reader) {
    return store.closed(reader, CLOSED_MAX);
  }

  /** The last step: removes the rows of closed groups. Harmless when repeated. */
  public void forget(Transaction tx, List<GroupId> closed) {
    store.forget(tx, closed);
  }
}

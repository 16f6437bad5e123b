package dev.rookery.extension;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Parties. A player is in at most one. What players do is refused as it is for themselves. */
public interface Parties {
  /** The party that a player is in. */
  @Nullable Party findOf(long userId);

  /** The ids of the members of the party that a player is in, oldest account first. */
  List<Long> memberIds(long userId);

  /** A party by its id. */
  @Nullable Party find(long partyId);

  /** The ids of the members of any party, oldest account first. {@code not_found}. */
  List<Long> memberIdsOf(long partyId);

  /** All parties, newest first. */
  ResultPage<Party> listAll(int page, int pageSize);

  /** How many players are in a party. Reads all parties. */
  long countMembers();

  /**
   * Creates a party with a player as its leader and only member. {@code already_in_party}.
   *
   * @param maxSize null for 4
   */
  Party create(long leaderId, @Nullable Integer maxSize, Map<String, Object> metadata);

  /** Changes the party that a player leads; null keeps a value. {@code not_leader}. */
  Party update(long leaderId, @Nullable Integer maxSize, @Nullable Map<String, Object> metadata);

  /**
   * Changes any party, as an admin of the server; null keeps a value. Runs no hook before it.
   * {@code not_found}, {@code too_small}.
   */
  Party updateAny(long partyId, @Nullable Integer maxSize, @Nullable Map<String, Object> metadata);

  /** Ends any party, as an admin of the server. {@code not_found}. */
  void disband(long partyId);

  /**
   * Removes a member of any party, as an admin of the server; the member is told in the name of the
   * leader. {@code not_found}, {@code cannot_kick_leader}, {@code target_not_in_party}.
   */
  void kickFromAny(long partyId, long targetId);

  /** Lets a player leave their party; a leader disbands it. */
  void leave(long userId);

  void kick(long leaderId, long targetId);

  /** Invites a friend of the leader, or a player who shares a group with them. */
  void invite(long leaderId, long targetId);

  void cancelInvite(long leaderId, long targetId);

  Party acceptInvite(long userId, long partyId);

  void declineInvite(long userId, long partyId);

  /** The pending invites to a player, newest first. */
  List<PartyInvite> invitesTo(long userId);

  /** The pending invites by a player, newest first. */
  List<PartyInvite> invitesBy(long userId);
}

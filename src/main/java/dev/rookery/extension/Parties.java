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

  /**
   * Creates a party with a player as its leader and only member. {@code already_in_party}.
   *
   * @param maxSize null for 4
   */
  Party create(long leaderId, @Nullable Integer maxSize, Map<String, Object> metadata);

  /** Changes the party that a player leads; null keeps a value. {@code not_leader}. */
  Party update(long leaderId, @Nullable Integer maxSize, @Nullable Map<String, Object> metadata);

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

package dev.rookery.extension;

/** Friends. What players do is refused as it is for themselves. */
public interface Friends {
  boolean areFriends(long userId, long otherId);

  /** Whether one of the two has blocked the other. */
  boolean isBlocked(long userId, long otherId);

  /** Requests a friendship; accepts the target's own request if there is one. */
  Friendship request(long userId, long targetId);

  Friendship accept(long userId, long friendshipId);

  Friendship reject(long userId, long friendshipId);

  /** The target blocks the player who asked. */
  Friendship block(long userId, long friendshipId);

  Friendship unblock(long userId, long friendshipId);

  /** Withdraws a request, or ends a friendship. */
  void remove(long userId, long friendshipId);

  /** The friends of a player, oldest request first. */
  ResultPage<Friendship> list(long userId, int page, int pageSize);

  /** The pending requests to a player, oldest first. */
  ResultPage<Friendship> incoming(long userId, int page, int pageSize);

  /** The pending requests by a player, oldest first. */
  ResultPage<Friendship> outgoing(long userId, int page, int pageSize);

  /** Those whom a player has blocked, oldest request first. */
  ResultPage<Friendship> blocked(long userId, int page, int pageSize);
}

package dev.rookery.extension;

/**
 * Where a player writes to.
 *
 * @param id of the lobby, group or party; of a friend, that of the other player
 */
public record ChatTarget(Type type, long id) {
  /** The kinds of conversations. */
  public enum Type {
    LOBBY,
    GROUP,
    PARTY,
    FRIEND
  }

  public static ChatTarget lobby(long id) {
    return new ChatTarget(Type.LOBBY, id);
  }

  public static ChatTarget group(long id) {
    return new ChatTarget(Type.GROUP, id);
  }

  public static ChatTarget party(long id) {
    return new ChatTarget(Type.PARTY, id);
  }

  /** The direct conversation with a player. */
  public static ChatTarget friend(long userId) {
    return new ChatTarget(Type.FRIEND, userId);
  }
}

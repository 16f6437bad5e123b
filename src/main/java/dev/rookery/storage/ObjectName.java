package dev.rookery.storage;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * The name of an object, which is unique. The same key may be used by each player, in each lobby,
 * and by each player in each lobby.
 *
 * @param collection a name that a wire or a game gives to objects of one kind
 * @param owner null if the object belongs to no player
 * @param lobby null if the object belongs to no lobby
 */
public record ObjectName(
    String collection, String key, @Nullable PlayerId owner, @Nullable LobbyId lobby) {
  /** The order in which all transactions insert objects. */
  static final Comparator<ObjectName> ORDER =
      Comparator.comparingLong(ObjectName::ownerOrNone)
          .thenComparing(ObjectName::collection)
          .thenComparing(ObjectName::key)
          .thenComparingLong(ObjectName::lobbyOrNone);

  private static final long NONE = 0;

  /** Names an object from the columns of its row, which have 0 for none. */
  static ObjectName of(String collection, String key, long owner, long lobby) {
    return new ObjectName(
        collection,
        key,
        owner == NONE ? null : new PlayerId(owner),
        lobby == NONE ? null : new LobbyId(lobby));
  }

  long ownerOrNone() {
    return owner == null ? NONE : owner.value();
  }

  long lobbyOrNone() {
    return lobby == null ? NONE : lobby.value();
  }

  /**
   * Whether no object can have this name, because nobody has the id of its owner or lobby. Rows
   * have 0 for none, so such a name must not get into a statement.
   */
  boolean isImpossible() {
    return (owner != null && owner.value() <= NONE) || (lobby != null && lobby.value() <= NONE);
  }

  /** Whether it belongs to neither a player nor a lobby. */
  public boolean isGlobal() {
    return owner == null && lobby == null;
  }
}

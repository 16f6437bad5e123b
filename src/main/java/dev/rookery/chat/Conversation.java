package dev.rookery.chat;

import dev.rookery.base.PlayerId;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A conversation: its kind, and what it belongs to. A direct conversation belongs to two players
 * and is the same one for both.
 *
 * @param id of the lobby, party, group or room; in a direct conversation, of the player with the
 *     lower id
 * @param peer in a direct conversation, the id of the other player; otherwise null
 */
public record Conversation(Kind kind, long id, @Nullable Long peer) {
  /** The kinds of conversations; their lower-case names are stored. */
  public enum Kind {
    LOBBY,
    PARTY,
    GROUP,
    /** Between two players. */
    DIRECT,
    /** Of a name; any player may write and read there. */
    ROOM
  }

  public Conversation {
    if ((kind == Kind.DIRECT) != (peer != null)) {
      throw new IllegalArgumentException(kind + " with the peer " + peer);
    }
  }

  /** A conversation of any kind but direct. */
  public Conversation(Kind kind, long id) {
    this(kind, id, null);
  }

  /** The direct conversation of two players, in either order. */
  public static Conversation direct(PlayerId one, PlayerId other) {
    return new Conversation(
        Kind.DIRECT, Math.min(one.value(), other.value()), Math.max(one.value(), other.value()));
  }

  /** Returns the other player of a direct conversation. */
  public PlayerId otherThan(PlayerId player) {
    long higher = Objects.requireNonNull(peer);
    return new PlayerId(player.value() == id ? higher : id);
  }

  /** Whether it is a direct conversation of the player. */
  boolean involves(PlayerId player) {
    return peer != null && (player.value() == id || player.value() == peer);
  }
}

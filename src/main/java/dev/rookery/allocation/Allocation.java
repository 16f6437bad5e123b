package dev.rookery.allocation;

import dev.rookery.store.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * Where a match that is about to start will run.
 *
 * @param matchup for which it was allocated
 * @param room in which the match is played; null where a game server is the provider's
 */
public record Allocation(Matchup matchup, GameServer server, @Nullable PreparedRoom room) {
  /** A room that does not exist yet. */
  public interface PreparedRoom {
    MatchRoom room();

    /** Opens the room with the transaction that starts the match, so that each has the other. */
    void open(Transaction tx);
  }

  /** Opens what belongs to the match, which is started by the same transaction. */
  public Match start(Transaction tx, Matchup present) {
    long now = tx.now().toEpochMilli();
    if (room == null) {
      return new Match(present, now, server, null);
    }
    room.open(tx);
    return new Match(present, now, server, room.room());
  }

  /** Whether the match may start with these players; a room has seats for those it knows. */
  public boolean fits(Matchup present) {
    return room == null || matchup.equals(present);
  }
}

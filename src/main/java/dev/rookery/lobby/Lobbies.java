package dev.rookery.lobby;

import dev.rookery.base.LobbyId;
import dev.rookery.store.Reader;
import dev.rookery.store.Transaction;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A lobby, for later domains that change rows of their own in the same transaction. */
public final class Lobbies {
  /** How many closed lobbies are told at once. */
  public static final int CLOSED_MAX = 100;

  private final LobbyStore rows = new LobbyStore();

  /** Empty if there is none, or no more. */
  public Optional<Lobby> find(Reader reader, LobbyId id) {
    return rows.find(reader, id).map(Stored::lobby);
  }

  /**
   * As {@link #find}, and holds it until the end of the transaction: until then nobody comes in,
   * leaves or changes it. Whoever locks players too does so after this.
   */
  public Optional<Lobby> lock(Transaction tx, LobbyId id) {
    return rows.lock(tx, id).map(Stored::lobby);
  }

  /**
   * As {@link #lock}, of several at once, those that are there and have no slowdown. At most {@link
   * dev.rookery.store.Placeholders#MANY_MAX}; held by ascending id.
   */
  public Set<LobbyId> lockUnpaced(Transaction tx, Set<LobbyId> ids) {
    return rows.lockUnpaced(tx, ids);
  }

  /**
   * Lobbies that closed and are not forgotten yet, oldest first. What hangs on them can be removed
   * in small steps, for nobody can add to it.
   */
  public List<LobbyId> closed(Reader reader) {
    return rows.closed(reader, CLOSED_MAX);
  }

  /** The last step: at most so many of these lobbies themselves. Harmless when repeated. */
  public void forget(Transaction tx, List<LobbyId> closed) {
    rows.forget(tx, closed);
  }
}

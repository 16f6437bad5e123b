package dev.rookery.lobby;

import dev.rookery.base.LobbyId;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Reader;
import dev.rookery.store.Transaction;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Lobbies, for later domains that change rows of their own in the same transaction. */
public final class Lobbies {
  /** How many closed lobbies are given at once. */
  public static final int CLOSED_MAX = 100;

  private final LobbyStore store = new LobbyStore();

  /**
   * The open ones of at most {@link Placeholders#MANY_MAX} lobbies, and how many seconds a member
   * waits between two messages there. Their rows are locked until the end of the transaction, by
   * ascending id: until then nobody joins, leaves or changes them. A transaction that locks players
   * too does so after this.
   */
  public Map<LobbyId, Integer> lockWithSlowdowns(Transaction tx, Collection<LobbyId> ids) {
    return store.lockSlowdowns(tx, ids);
  }

  /** The titles of the open ones of at most {@link Placeholders#MANY_MAX} lobbies. */
  public Map<LobbyId, String> titles(Reader reader, Collection<LobbyId> ids) {
    return store.titles(reader, ids);
  }

  /**
   * Lobbies that closed and still have a row, oldest first. What belongs to them can be removed in
   * small steps, for nobody can add to it.
   */
  public List<LobbyId> closed(Reader reader) {
    return store.closed(reader, CLOSED_MAX);
  }

  /** The last step: removes the rows of closed lobbies. Harmless when repeated. */
  public void forget(Transaction tx, List<LobbyId> closed) {
    store.forget(tx, closed);
  }
}

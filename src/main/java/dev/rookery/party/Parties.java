package dev.rookery.party;

import dev.rookery.base.PartyId;
import dev.rookery.base.PlayerId;
import dev.rookery.player.PlayerSummary;
import dev.rookery.player.Players;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Reader;
import dev.rookery.store.Transaction;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Parties, for later domains that change rows of their own in the same transaction. */
public final class Parties {
  /** How many disbanded parties are returned at once. */
  public static final int CLOSED_MAX = 100;

  private final PartyStore store = new PartyStore();
  private final Players players;

  public Parties(Players players) {
    this.players = players;
  }

  /** The party that a player is in; empty if in none, or if there is no such player. */
  public Optional<PartyId> findOf(Reader reader, PlayerId player) {
    @Nullable PlayerSummary found = players.findSummaries(reader, List.of(player)).get(player);
    return found == null ? Optional.empty() : Optional.ofNullable(found.party());
  }

  public boolean isMember(Reader reader, PlayerId player, PartyId party) {
    return findOf(reader, player).filter(party::equals).isPresent();
  }

  /** The open ones of at most {@link Placeholders#MANY_MAX} parties, as they are now. */
  public Map<PartyId, Party> find(Reader reader, Collection<PartyId> ids) {
    return store.findAll(reader, ids);
  }

  /**
   * The open ones of at most {@link Placeholders#MANY_MAX} parties. Their rows are locked until the
   * end of the transaction, by ascending id: until then nobody joins or leaves them. A transaction
   * that locks lobbies too does so before this, and players after this.
   */
  public Map<PartyId, Party> lock(Transaction tx, Collection<PartyId> ids) {
    return store.lock(tx, ids);
  }

  /** The members of a party, oldest account first. */
  public List<PlayerSummary> members(Reader reader, PartyId party) {
    return members(reader, Set.of(party)).getOrDefault(party, List.of());
  }

  /** As {@link #members(Reader, PartyId)}, of at most {@link Placeholders#MANY_MAX} parties. */
  public Map<PartyId, List<PlayerSummary>> members(Reader reader, Collection<PartyId> parties) {
    return players.findPartyMembers(reader, parties);
  }

  /**
   * Parties that were disbanded and still have a row, oldest first. What belongs to them can be
   * removed in small steps, for nobody can add to it.
   */
  public List<PartyId> closed(Reader reader) {
    return store.closed(reader, CLOSED_MAX);
  }

  /** The last step: removes the rows of disbanded parties. Harmless when repeated. */
  public void forget(Transaction tx, List<PartyId> closed) {
    store.forget(tx, closed);
  }
}

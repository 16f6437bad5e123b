package dev.rookery.matchmaking;

import dev.rookery.base.PlayerId;
import dev.rookery.bus.Command;
import dev.rookery.bus.Done;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The commands of matchmaking. Any node serves them. */
public sealed interface MatchmakingCommand<R> extends Command<R> {
  String ADDRESS = "matchmaking";

  @Override
  default String address() {
    return ADDRESS;
  }

  /**
   * Adds a ticket for a party to the pool. Refused with {@code Conflict("already_searching")} if
   * one of its players already has a ticket, and with {@code Invalid} for the fields {@code mode},
   * {@code region}, {@code size} and {@code party} (which must fit into one team).
   */
  record CreateTicket(List<TicketPlayer> party, Criteria criteria)
      implements MatchmakingCommand<CreatedTicket> {
    public CreateTicket {
      party = List.copyOf(party);
    }
  }

  /**
   * Adds a ticket for the player, or for the party that the player leads, whose members search as
   * one and come into one team; the ticket ends when the party changes. {@code
   * Denied("not_leader")} for another member of a party, {@code Missing("player_not_found")}; then
   * as {@link CreateTicket}.
   *
   * @param ticket the UUID of the ticket, by which it can be cancelled whatever the answer is; null
   *     for any
   */
  record Search(PlayerId player, Criteria criteria, @Nullable String ticket)
      implements MatchmakingCommand<CreatedTicket> {
    public Search(PlayerId player, Criteria criteria) {
      this(player, criteria, null);
    }
  }

  /**
   * Removes a ticket. Returns false if it does not exist any more because it was matched or has
   * expired.
   */
  record CancelTicket(String ticket) implements MatchmakingCommand<Boolean> {}

  /**
   * Removes a ticket for an admin; its players are told as of one that has expired. {@code
   * Missing("ticket_not_found")} if it was matched or has expired.
   */
  record CancelAny(String ticket) implements MatchmakingCommand<Done> {}

  /** Removes the ticket of a deleted player with its whole party; returns whether there was one. */
  record Forget(PlayerId player) implements MatchmakingCommand<Boolean> {}

  /**
   * Explains why the player's ticket has not been matched yet. Refused with {@code
   * Missing("not_searching")} if the player has none.
   */
  record ExplainTicket(PlayerId player) implements MatchmakingCommand<Explanation> {}

  /**
   * The ticket that was added.
   *
   * @param ticket its UUID
   */
  record CreatedTicket(String ticket) {}
}

package dev.rookery.matchmaking;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Position;
import dev.rookery.bus.Command;
import java.util.List;

/** Looking for a match, and ceasing to. */
public sealed interface MatchmakingCommand<R> extends Command<R> {
  String ADDRESS = "matchmaking";

  @Override
  default String address() {
    return ADDRESS;
  }

  /**
   * Puts a party into the pool. {@code Conflict("already_searching")} if one of them is in it;
   * invalid {@code mode}, {@code region}, {@code size}, {@code party} (more than a team has).
   */
  record CreateTicket(List<TicketPlayer> party, Criteria criteria)
      implements MatchmakingCommand<CreatedTicket> {
    public CreateTicket {
      party = List.copyOf(party);
    }
  }

  /** Whether the ticket was still there; if not, it was matched or has expired. */
  record CancelTicket(String ticket) implements MatchmakingCommand<Boolean> {}

  /** Takes the party of one who is gone out of the pool; whether it was in it. */
  record Forget(PlayerId player) implements MatchmakingCommand<Boolean> {}

  /** Why the player's ticket is not matched yet. {@code Missing("not_searching")}. */
  record ExplainTicket(PlayerId player) implements MatchmakingCommand<Explanation> {}

  /**
   * @param position of the first player's stream, before anything that comes of the ticket
   */
  record CreatedTicket(String ticket, Position position) {}
}

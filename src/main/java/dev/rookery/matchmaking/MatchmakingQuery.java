package dev.rookery.matchmaking;

import dev.rookery.base.PlayerId;
import dev.rookery.bus.Command;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks at the tickets that wait, for admins. Served by any node; changes nothing. */
public sealed interface MatchmakingQuery<R> extends Command<R> {
  String ADDRESS = "matchmaking.query";

  /** Maximum number of tickets in an answer. */
  int PAGE_MAX = 100;

  /** Maximum number of pools in an answer. */
  int POOLS_MAX = 200;

  @Override
  default String address() {
    return ADDRESS;
  }

  /** The pools in which tickets wait, the largest first; at most {@link #POOLS_MAX}. */
  record ListPools() implements MatchmakingQuery<List<Pool>> {}

  /**
   * The tickets that wait, the oldest first.
   *
   * @param from the id of the last ticket before the page, or of the first one after it; null for
   *     the first page
   * @param backwards whether the tickets before {@code from} are wanted
   * @param max at most {@link #PAGE_MAX} and one more
   */
  record ListTickets(TicketFilter filter, @Nullable Long from, boolean backwards, int max)
      implements MatchmakingQuery<List<ListedTicket>> {}

  /** Counts the tickets that wait; at most so many. */
  record CountTickets(TicketFilter filter, long max) implements MatchmakingQuery<Long> {}

  /**
   * Says why a ticket is not matched. {@code Missing("ticket_not_found")} if it was matched or
   * removed meanwhile.
   */
  record InspectTicket(String ticket) implements MatchmakingQuery<TicketReport> {}

  /**
   * Says what would become of a ticket if it waited in the pool as it is now. {@code Invalid} for
   * the fields {@code mode}, {@code region}, {@code size}, {@code party}, {@code mu}, {@code sigma}
   * and {@code waited_ms}.
   *
   * @param players that search as one
   * @param mu the skill of each of them
   * @param waitedMs how long it has waited
   */
  record Simulate(Criteria criteria, int players, double mu, double sigma, long waitedMs)
      implements MatchmakingQuery<TicketReport> {}

  /**
   * Which tickets are meant; null for all.
   *
   * @param player one of the ticket's
   */
  record TicketFilter(
      @Nullable String mode,
      @Nullable String region,
      @Nullable Integer size,
      @Nullable PlayerId player) {
    public static final TicketFilter ALL = new TicketFilter(null, null, null, null);
  }

  /**
   * The tickets with the same criteria.
   *
   * @param players of these tickets
   * @param oldestMs when the oldest ticket was created
   */
  record Pool(Criteria criteria, long tickets, long players, long oldestMs) {}

  /**
   * A ticket that waits.
   *
   * @param id its place in the order of the list
   * @param ticket its UUID; empty if it is simulated
   * @param notBeforeMs the time before which it is not matched, after a failed allocation
   * @param party the id of the party that searches; null for none
   * @param node on which it was created; null if that node has ended
   */
  record ListedTicket(
      long id,
      String ticket,
      Criteria criteria,
      List<TicketPlayer> players,
      long createdMs,
      long expiresMs,
      long notBeforeMs,
      @Nullable Long party,
      @Nullable String node) {
    public ListedTicket {
      players = List.copyOf(players);
    }
  }

  /**
   * Why a ticket is not matched.
   *
   * @param postponedMs how long it is not matched, after a failed allocation; 0 if it may be now
   * @param matchedWith the UUIDs of the tickets with which the next cycle matches it; empty if it
   *     does not
   * @param candidates the other tickets that come closest, those with the fewest rules against them
   *     first
   */
  record TicketReport(
      ListedTicket ticket,
      double mu,
      double sigma,
      Explanation explanation,
      long postponedMs,
      List<String> matchedWith,
      List<Candidate> candidates) {
    public TicketReport {
      matchedWith = List.copyOf(matchedWith);
      candidates = List.copyOf(candidates);
    }
  }

  /**
   * Another ticket.
   *
   * @param refusing the rules that keep the two apart; empty if they may be in one match
   */
  record Candidate(
      String ticket,
      Criteria criteria,
      int players,
      long waitedMs,
      double skillDifference,
      List<Refusing> refusing) {
    public Candidate {
      refusing = List.copyOf(refusing);
    }
  }

  /**
   * A rule that keeps two tickets apart.
   *
   * @param rule {@code skill}, {@code region}, {@code mode} or {@code size}
   * @param excess for {@code skill}, how far the difference exceeds the smaller window; otherwise 0
   * @param relaxesInMs after how long it is gone if both keep waiting; -1 for never
   */
  record Refusing(String rule, double excess, long relaxesInMs) {}
}

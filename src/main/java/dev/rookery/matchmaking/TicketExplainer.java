package dev.rookery.matchmaking;

import dev.rookery.matchmaking.Explanation.Mismatch;
import dev.rookery.matchmaking.MatchFunction.Proposal;
import dev.rookery.matchmaking.MatchmakingQuery.Candidate;
import dev.rookery.matchmaking.MatchmakingQuery.ListedTicket;
import dev.rookery.matchmaking.MatchmakingQuery.Refusing;
import dev.rookery.matchmaking.MatchmakingQuery.TicketReport;
import dev.rookery.matchmaking.PairRules.Objection;
import dev.rookery.matchmaking.PairRules.Rule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Explains why a ticket has not been matched yet, by comparing it with the other tickets of the
 * pool, rule by rule; a pure function.
 */
final class TicketExplainer {
  /** With how many tickets of the same criteria a match is looked for. */
  private static final int PROPOSED_MAX = 1_000;

  private TicketExplainer() {}

  static Explanation explain(Ticket ticket, List<Ticket> pool, long nowMs) {
    int found = ticket.players();
    Map<Rule, Integer> players = new EnumMap<>(Rule.class);
    double smallestExcess = Double.MAX_VALUE;
    for (Ticket other : pool) {
      if (other.id() == ticket.id()) {
        continue;
      }
      List<Objection> objections = PairRules.objections(ticket, other, nowMs);
      if (objections.isEmpty()) {
        found += other.players();
      } else if (objections.size() == 1) {
        Objection only = objections.getFirst();
        players.merge(only.rule(), other.players(), Integer::sum);
        if (only.rule() == Rule.SKILL) {
          smallestExcess = Math.min(smallestExcess, only.excess());
        }
      }
    }
    var mismatches = new ArrayList<Mismatch>();
    for (var differing : players.entrySet()) {
      var closest =
          new Objection(differing.getKey(), differing.getKey() == Rule.SKILL ? smallestExcess : 0);
      mismatches.add(
          new Mismatch(
              closest.rule().text(),
              differing.getValue(),
              closest.excess(),
              Math.max(0, closest.relaxesInMs())));
    }
    int size = ticket.criteria().size();
    if (found >= size) {
      // Enough compatible players, but not all compatible with each other, or not in parties that
      // fill two teams.
      mismatches.add(new Mismatch("party", found - ticket.players(), 0, 0));
    }
    return new Explanation(
        ticket.uuid(),
        nowMs - ticket.createdMs(),
        SkillWindow.width(ticket, nowMs),
        Math.min(found, size),
        size,
        mismatches);
  }

  /**
   * Explains a ticket to admins, with the tickets of the pool that come closest, and with what the
   * next cycle does with it.
   *
   * @param waiting the ticket as it is shown
   * @param max how many other tickets are named
   */
  static TicketReport report(
      ListedTicket waiting, Ticket ticket, List<Ticket> pool, long nowMs, int max) {
    List<Candidate> candidates =
        pool.stream()
            .filter(other -> other.id() != ticket.id())
            .map(other -> candidate(ticket, other, nowMs))
            .sorted(
                Comparator.comparingInt((Candidate one) -> one.refusing().size())
                    .thenComparingDouble(one -> Math.abs(one.skillDifference()))
                    .thenComparing(Candidate::ticket))
            .limit(max)
            .toList();
    return new TicketReport(
        waiting,
        ticket.mu(),
        ticket.sigma(),
        explain(ticket, pool, nowMs),
        Math.max(0, ticket.notBeforeMs() - nowMs),
        matchedWith(ticket, pool, nowMs),
        candidates);
  }

  /** The tickets with which the next cycle matches the ticket; empty if it does not. */
  private static List<String> matchedWith(Ticket ticket, List<Ticket> pool, long nowMs) {
    List<Ticket> same =
        Stream.concat(
                Stream.of(ticket),
                pool.stream()
                    .filter(other -> other.id() != ticket.id())
                    .filter(other -> other.criteria().equals(ticket.criteria()))
                    .limit(PROPOSED_MAX))
            .toList();
    return MatchFunction.propose(same, nowMs, Matchmaker.MATCHES_MAX).stream()
        .map(Proposal::tickets)
        .filter(tickets -> tickets.contains(ticket))
        .flatMap(List::stream)
        .filter(other -> other.id() != ticket.id())
        .map(Ticket::uuid)
        .toList();
  }

  private static Candidate candidate(Ticket ticket, Ticket other, long nowMs) {
    List<Refusing> refusing =
        PairRules.objections(ticket, other, nowMs).stream()
            .map(
                objection ->
                    new Refusing(
                        objection.rule().text(), objection.excess(), objection.relaxesInMs()))
            .toList();
    return new Candidate(
        other.uuid(),
        other.criteria(),
        other.players(),
        nowMs - other.createdMs(),
        other.mu() - ticket.mu(),
        refusing);
  }
}

package dev.rookery.matchmaking;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Proposes matches from a pool of tickets; a pure function.
 *
 * <p>The tickets are taken in the order in which they were created. For each, the tickets closest
 * in skill are added until the match is full; all of them must be compatible with each other, see
 * {@link PairRules}. The match is proposed if it can be divided into two teams of equal size
 * without splitting a party.
 */
final class MatchFunction {
  private MatchFunction() {}

  /** A proposed match: the tickets of its two teams. */
  record Proposal(List<Ticket> teamA, List<Ticket> teamB) {
    List<Ticket> tickets() {
      var all = new ArrayList<>(teamA);
      all.addAll(teamB);
      return all;
    }
  }

  /** Proposes at most {@code max} matches; no ticket is in two of them. */
  static List<Proposal> propose(List<Ticket> tickets, long nowMs, int max) {
    Map<Criteria, List<Ticket>> pools = new LinkedHashMap<>();
    tickets.stream()
        .filter(ticket -> ticket.notBeforeMs() <= nowMs)
        .sorted(Comparator.comparingLong(Ticket::createdMs).thenComparingLong(Ticket::id))
        .forEach(
            ticket -> pools.computeIfAbsent(ticket.criteria(), _ -> new ArrayList<>()).add(ticket));
    var matches = new ArrayList<Proposal>();
    for (List<Ticket> pool : pools.values()) {
      proposeInPool(pool, nowMs, max, matches);
    }
    return matches;
  }

  private static void proposeInPool(
      List<Ticket> pool, long nowMs, int max, List<Proposal> matches) {
    Set<Ticket> matched = new HashSet<>();
    for (Ticket anchor : pool) {
      if (matches.size() >= max) {
        return;
      }
      if (!matched.contains(anchor)) {
        List<Ticket> free = pool.stream().filter(ticket -> !matched.contains(ticket)).toList();
        proposeFor(anchor, free, nowMs)
            .ifPresent(
                proposal -> {
                  matches.add(proposal);
                  matched.addAll(proposal.tickets());
                });
      }
    }
  }

  private static Optional<Proposal> proposeFor(Ticket anchor, List<Ticket> free, long nowMs) {
    var chosen = new ArrayList<Ticket>(List.of(anchor));
    int openSeats = anchor.criteria().size() - anchor.players();
    for (Ticket candidate : bySkillDistance(anchor, free)) {
      if (candidate.players() <= openSeats
          && chosen.stream().allMatch(one -> PairRules.areCompatible(one, candidate, nowMs))) {
        chosen.add(candidate);
        openSeats -= candidate.players();
        if (openSeats == 0) {
          return split(chosen, anchor.criteria().size() / 2);
        }
      }
    }
    return Optional.empty();
  }

  static List<Ticket> bySkillDistance(Ticket anchor, List<Ticket> others) {
    return others.stream()
        .filter(other -> other.id() != anchor.id())
        .sorted(
            Comparator.comparingDouble((Ticket other) -> Math.abs(other.mu() - anchor.mu()))
                .thenComparingLong(Ticket::id))
        .toList();
  }

  /**
   * Divides the tickets into two teams: large parties first, each into the weaker team that has
   * room, with backtracking.
   */
  private static Optional<Proposal> split(List<Ticket> tickets, int teamSize) {
    var sorted = new ArrayList<>(tickets);
    sorted.sort(Comparator.comparingInt(Ticket::players).reversed());
    return place(sorted, 0, new Side(List.of()), new Side(List.of()), teamSize);
  }

  private static Optional<Proposal> place(
      List<Ticket> tickets, int next, Side a, Side b, int teamSize) {
    if (next == tickets.size()) {
      return Optional.of(new Proposal(a.tickets, b.tickets));
    }
    Ticket ticket = tickets.get(next);
    boolean first = a.strength() <= b.strength();
    for (boolean intoA : new boolean[] {first, !first}) {
      Side side = intoA ? a : b;
      if (side.players() + ticket.players() <= teamSize) {
        Side with = side.with(ticket);
        var placed = place(tickets, next + 1, intoA ? with : a, intoA ? b : with, teamSize);
        if (placed.isPresent()) {
          return placed;
        }
      }
      if (a.players() == b.players()) {
        // The other team is equally empty or full: trying it would repeat the same search.
        break;
      }
    }
    return Optional.empty();
  }

  private record Side(List<Ticket> tickets) {
    Side with(Ticket ticket) {
      var more = new ArrayList<>(tickets);
      more.add(ticket);
      return new Side(List.copyOf(more));
    }

    int players() {
      return tickets.stream().mapToInt(Ticket::players).sum();
    }

    double strength() {
      return tickets.stream().mapToDouble(ticket -> ticket.mu() * ticket.players()).sum();
    }
  }
}

package dev.rookery.matchmaking;

import dev.rookery.matchmaking.Explanation.Mismatch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Explains why a ticket has not been matched yet, by comparing it with the other tickets of the
 * pool, criterion by criterion; a pure function.
 */
final class TicketExplainer {
  private TicketExplainer() {}

  static Explanation explain(Ticket ticket, List<Ticket> pool, long nowMs) {
    List<Ticket> others = pool.stream().filter(other -> other.id() != ticket.id()).toList();
    Criteria criteria = ticket.criteria();
    int found = ticket.players();
    for (Ticket other : others) {
      if (other.criteria().equals(criteria) && SkillWindow.areCompatible(ticket, other, nowMs)) {
        found += other.players();
      }
    }
    var mismatches = new ArrayList<Mismatch>();
    skillMismatch(ticket, others, nowMs).ifPresent(mismatches::add);
    addMismatch(
        mismatches,
        "region",
        ticket,
        others,
        nowMs,
        theirs ->
            theirs.mode().equals(criteria.mode())
                && theirs.size() == criteria.size()
                && !theirs.region().equals(criteria.region()));
    addMismatch(
        mismatches,
        "mode",
        ticket,
        others,
        nowMs,
        theirs ->
            theirs.region().equals(criteria.region())
                && theirs.size() == criteria.size()
                && !theirs.mode().equals(criteria.mode()));
    addMismatch(
        mismatches,
        "size",
        ticket,
        others,
        nowMs,
        theirs ->
            theirs.region().equals(criteria.region())
                && theirs.mode().equals(criteria.mode())
                && theirs.size() != criteria.size());
    if (found >= criteria.size()) {
      // Enough compatible players, but not all compatible with each other, or not in parties that
      // fill two teams.
      mismatches.add(new Mismatch("party", found - ticket.players(), 0, 0));
    }
    return new Explanation(
        ticket.uuid(),
        nowMs - ticket.createdMs(),
        SkillWindow.width(ticket, nowMs),
        Math.min(found, criteria.size()),
        criteria.size(),
        mismatches);
  }

  private static Optional<Mismatch> skillMismatch(Ticket ticket, List<Ticket> others, long nowMs) {
    List<Ticket> incompatible =
        others.stream()
            .filter(other -> other.criteria().equals(ticket.criteria()))
            .filter(other -> !SkillWindow.areCompatible(ticket, other, nowMs))
            .toList();
    return incompatible.stream()
        .map(other -> SkillWindow.excess(ticket, other, nowMs))
        .min(Comparator.naturalOrder())
        .map(
            smallest ->
                new Mismatch(
                    "skill",
                    players(incompatible),
                    smallest,
                    SkillWindow.msUntilCompatible(smallest)));
  }

  private static void addMismatch(
      List<Mismatch> mismatches,
      String criterion,
      Ticket ticket,
      List<Ticket> others,
      long nowMs,
      Predicate<Criteria> differs) {
    List<Ticket> differing =
        others.stream()
            .filter(
                other ->
                    differs.test(other.criteria())
                        && SkillWindow.areCompatible(ticket, other, nowMs))
            .toList();
    if (!differing.isEmpty()) {
      mismatches.add(new Mismatch(criterion, players(differing), 0, 0));
    }
  }

  private static int players(List<Ticket> tickets) {
    return tickets.stream().mapToInt(Ticket::players).sum();
  }
}

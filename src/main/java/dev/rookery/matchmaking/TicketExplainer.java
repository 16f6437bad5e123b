package dev.rookery.matchmaking;

import dev.rookery.matchmaking.Explanation.Mismatch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/** Why a ticket is not matched yet: who waits beside it, and what keeps each apart. */
final class TicketExplainer {
  private TicketExplainer() {}

  static Explanation explain(Ticket ticket, List<Ticket> pool, long nowMs) {
    List<Ticket> others = pool.stream().filter(other -> other.id() != ticket.id()).toList();
    Criteria mine = ticket.criteria();
    int found = ticket.players();
    for (Ticket other : others) {
      if (other.criteria().equals(mine) && SkillWindow.areCompatible(ticket, other, nowMs)) {
        found += other.players();
      }
    }
    var misses = new ArrayList<Mismatch>();
    skillMismatch(ticket, others, nowMs).ifPresent(misses::add);
    addMismatch(
        misses,
        "region",
        ticket,
        others,
        nowMs,
        theirs ->
            theirs.mode().equals(mine.mode())
                && theirs.size() == mine.size()
                && !theirs.region().equals(mine.region()));
    addMismatch(
        misses,
        "mode",
        ticket,
        others,
        nowMs,
        theirs ->
            theirs.region().equals(mine.region())
                && theirs.size() == mine.size()
                && !theirs.mode().equals(mine.mode()));
    addMismatch(
        misses,
        "size",
        ticket,
        others,
        nowMs,
        theirs ->
            theirs.region().equals(mine.region())
                && theirs.mode().equals(mine.mode())
                && theirs.size() != mine.size());
    if (found >= mine.size()) {
      // Enough players who would do, but not all with each other, or not in whole parties.
      misses.add(new Mismatch("party", found - ticket.players(), 0, 0));
    }
    return new Explanation(
        ticket.uuid(),
        nowMs - ticket.createdMs(),
        SkillWindow.width(ticket, nowMs),
        Math.min(found, mine.size()),
        mine.size(),
        misses);
  }

  private static java.util.Optional<Mismatch> skillMismatch(
      Ticket ticket, List<Ticket> others, long nowMs) {
    List<Ticket> incompatible =
        others.stream()
            .filter(other -> other.criteria().equals(ticket.criteria()))
            .filter(other -> !SkillWindow.areCompatible(ticket, other, nowMs))
            .toList();
    return incompatible.stream()
        .map(other -> SkillWindow.excess(ticket, other, nowMs))
        .min(Comparator.naturalOrder())
        .map(
            nearest ->
                new Mismatch(
                    "skill",
                    players(incompatible),
                    nearest,
                    SkillWindow.msUntilCompatible(nearest)));
  }

  private static void addMismatch(
      List<Mismatch> misses,
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
      misses.add(new Mismatch(criterion, players(differing), 0, 0));
    }
  }

  private static int players(List<Ticket> tickets) {
    return tickets.stream().mapToInt(Ticket::players).sum();
  }
}

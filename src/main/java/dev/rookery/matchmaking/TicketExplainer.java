package dev.rookery.matchmaking;

import dev.rookery.matchmaking.Explanation.Mismatch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/** Why a ticket is not matched yet: who waits beside it, and what keeps each apart. */
final class TicketExplainer {
  private TicketExplainer() {}

  static Explanation of(Ticket ticket, List<Ticket> pool, long nowMs) {
    List<Ticket> others = pool.stream().filter(other -> other.id() != ticket.id()).toList();
    Criteria mine = ticket.criteria();
    int found = ticket.players();
    for (Ticket other : others) {
      if (other.criteria().equals(mine) && SkillWindow.fit(ticket, other, nowMs)) {
        found += other.players();
      }
    }
    var misses = new ArrayList<Mismatch>();
    skill(ticket, others, nowMs).ifPresent(misses::add);
    add(
        misses,
        "region",
        ticket,
        others,
        nowMs,
        theirs ->
            theirs.mode().equals(mine.mode())
                && theirs.size() == mine.size()
                && !theirs.region().equals(mine.region()));
    add(
        misses,
        "mode",
        ticket,
        others,
        nowMs,
        theirs ->
            theirs.region().equals(mine.region())
                && theirs.size() == mine.size()
                && !theirs.mode().equals(mine.mode()));
    add(
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
        SkillWindow.of(ticket, nowMs),
        Math.min(found, mine.size()),
        mine.size(),
        misses);
  }

  private static java.util.Optional<Mismatch> skill(
      Ticket ticket, List<Ticket> others, long nowMs) {
    List<Ticket> far =
        others.stream()
            .filter(other -> other.criteria().equals(ticket.criteria()))
            .filter(other -> !SkillWindow.fit(ticket, other, nowMs))
            .toList();
    return far.stream()
        .map(other -> SkillWindow.excess(ticket, other, nowMs))
        .min(Comparator.naturalOrder())
        .map(nearest -> new Mismatch("skill", players(far), nearest, SkillWindow.inMs(nearest)));
  }

  private static void add(
      List<Mismatch> misses,
      String criterion,
      Ticket ticket,
      List<Ticket> others,
      long nowMs,
      Predicate<Criteria> missing) {
    List<Ticket> all =
        others.stream()
            .filter(
                other -> missing.test(other.criteria()) && SkillWindow.fit(ticket, other, nowMs))
            .toList();
    if (!all.isEmpty()) {
      misses.add(new Mismatch(criterion, players(all), 0, 0));
    }
  }

  private static int players(List<Ticket> tickets) {
    return tickets.stream().mapToInt(Ticket::players).sum();
  }
}

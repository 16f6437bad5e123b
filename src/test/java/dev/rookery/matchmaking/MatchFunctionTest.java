package dev.rookery.matchmaking;

import static dev.rookery.matchmaking.TestTickets.DUEL;
import static dev.rookery.matchmaking.TestTickets.FOUR;
import static dev.rookery.matchmaking.TestTickets.ids;
import static dev.rookery.matchmaking.TestTickets.solo;
import static dev.rookery.matchmaking.TestTickets.ticket;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.matchmaking.MatchFunction.Proposal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

final class MatchFunctionTest {
  private static List<Proposal> propose(long second, Ticket... tickets) {
    return MatchFunction.propose(List.of(tickets), second * 1_000, 100);
  }

  @Test
  void matchesTheOldestTicketWithTheOneClosestInSkill() {
    var matches = propose(10, solo(1, 5, 30), solo(2, 0, 25), solo(3, 5, 24));

    assertThat(matches).hasSize(1);
    assertThat(ids(matches.getFirst().tickets())).containsExactly(2L, 3L);
  }

  @Test
  void matchesOnlyTicketsWithEqualCriteria() {
    assertThat(
            propose(
                10,
                solo(1, 0, 25),
                ticket(2, new Criteria("other", "eu", 2), 0, 1, 25),
                ticket(3, new Criteria("duel", "us", 2), 0, 1, 25),
                ticket(4, FOUR, 0, 1, 25)))
        .isEmpty();
  }

  @Test
  void matchesDistantSkillsOnceBothSkillWindowsAreWideEnough() {
    Ticket weak = solo(1, 0, 10);
    Ticket strong = solo(2, 20, 30);

    assertThat(propose(40, weak, strong)).isEmpty();
    // A difference of 20: sigma is 8, and the window of the later ticket widens by 0.5 a second.
    assertThat(propose(43, weak, strong)).isEmpty();
    assertThat(propose(44, weak, strong)).hasSize(1);
  }

  @Test
  void keepsAPartyInOneTeam() {
    var matches =
        propose(1, ticket(1, FOUR, 0, 1, 25), ticket(2, FOUR, 0, 2, 25), ticket(3, FOUR, 0, 1, 25));

    assertThat(matches).hasSize(1);
    Proposal proposal = matches.getFirst();
    assertThat(List.of(ids(proposal.teamA()), ids(proposal.teamB())))
        .containsExactlyInAnyOrder(List.of(1L, 3L), List.of(2L));
  }

  @Test
  void balancesTheTeams() {
    var matches =
        propose(
            1,
            ticket(1, FOUR, 0, 1, 30),
            ticket(2, FOUR, 0, 1, 29),
            ticket(3, FOUR, 0, 1, 26),
            ticket(4, FOUR, 0, 1, 25));

    Proposal proposal = matches.getFirst();
    double a = proposal.teamA().stream().mapToDouble(Ticket::mu).sum();
    double b = proposal.teamB().stream().mapToDouble(Ticket::mu).sum();
    assertThat(Math.abs(a - b)).isLessThanOrEqualTo(2);
  }

  @Test
  void skipsAPostponedTicketUntilItsTime() {
    Ticket later = new Ticket(1, "t", DUEL, solo(1, 0, 25).party(), 0, 6_000);

    assertThat(propose(5, later, solo(2, 0, 25))).isEmpty();
    assertThat(propose(6, later, solo(2, 0, 25))).hasSize(1);
  }

  @Property
  void proposesEachTicketOnceInFullTeamsOfCompatibleTickets(@ForAll long seed) {
    var random = new Random(seed);
    var pool = new ArrayList<Ticket>();
    for (int id = 1; id <= 40; id++) {
      int size = 2 * (1 + random.nextInt(3));
      var criteria = new Criteria("m" + random.nextInt(2), "r", size);
      int players = 1 + random.nextInt(size / 2);
      pool.add(ticket(id, criteria, random.nextInt(60), players, random.nextInt(50)));
    }
    var seen = new HashSet<Long>();
    for (Proposal proposal : MatchFunction.propose(pool, 60_000, 100)) {
      Criteria criteria = proposal.tickets().getFirst().criteria();
      for (Ticket one : proposal.tickets()) {
        assertThat(seen.add(one.id())).isTrue();
        assertThat(one.criteria()).isEqualTo(criteria);
        assertThat(proposal.tickets())
            .allMatch(other -> PairRules.areCompatible(one, other, 60_000));
      }
      for (List<Ticket> team : List.of(proposal.teamA(), proposal.teamB())) {
        assertThat(team.stream().mapToInt(Ticket::players).sum()).isEqualTo(criteria.size() / 2);
      }
    }
  }
}

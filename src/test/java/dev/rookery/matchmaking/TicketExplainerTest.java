package dev.rookery.matchmaking;

import static dev.rookery.matchmaking.TestTickets.DUEL;
import static dev.rookery.matchmaking.TestTickets.FOUR;
import static dev.rookery.matchmaking.TestTickets.solo;
import static dev.rookery.matchmaking.TestTickets.ticket;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.matchmaking.Explanation.Mismatch;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TicketExplainerTest {
  private static Explanation explain(Ticket ticket, Ticket... others) {
    return TicketExplainer.explain(ticket, List.of(others), 10_000);
  }

  @Test
  void reportsTheNumberOfPlayersNeededToALoneTicket() {
    Explanation explanation = explain(solo(1, 0, 25), solo(1, 0, 25));

    assertThat(explanation)
        .isEqualTo(
            new Explanation(
                "t-1", 10_000, 8 + 10 * SkillWindow.WIDENING_PER_SECOND, 1, 2, List.of()));
  }

  @Test
  void countsThePlayersThatDifferInOneCriterionAlone() {
    Explanation explanation =
        explain(
            solo(1, 0, 25),
            ticket(2, new Criteria("duel", "us", 2), 0, 1, 25),
            ticket(3, new Criteria("duel", "us", 2), 0, 1, 90),
            ticket(4, new Criteria("other", "eu", 2), 0, 1, 25),
            ticket(5, FOUR, 0, 2, 25),
            ticket(6, new Criteria("other", "us", 2), 0, 1, 25));

    assertThat(explanation.mismatches())
        .containsExactly(
            new Mismatch("region", 1, 0, 0),
            new Mismatch("mode", 1, 0, 0),
            new Mismatch("size", 2, 0, 0));
  }

  @Test
  void reportsWhenTheClosestSkillBecomesCompatible() {
    Explanation explanation = explain(solo(1, 0, 25), solo(2, 0, 40), solo(3, 0, 60));

    assertThat(explanation.found()).isEqualTo(1);
    assertThat(explanation.mismatches()).containsExactly(new Mismatch("skill", 2, 2, 4_000));
  }

  @Test
  void reportsThePartyCriterionWhenEnoughPlayersCannotFormTeams() {
    Criteria four = new Criteria(DUEL.mode(), DUEL.region(), 4);
    Explanation explanation =
        explain(ticket(1, four, 0, 2, 25), ticket(2, four, 0, 1, 14), ticket(3, four, 0, 1, 36));

    assertThat(explanation.found()).isEqualTo(4);
    assertThat(explanation.mismatches()).containsExactly(new Mismatch("party", 2, 0, 0));
  }
}

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
  private static Explanation why(Ticket ticket, Ticket... others) {
    return TicketExplainer.explain(ticket, List.of(others), 10_000);
  }

  @Test
  void whoIsAloneIsToldHowManyAreNeeded() {
    Explanation why = why(solo(1, 0, 25), solo(1, 0, 25));

    assertThat(why)
        .isEqualTo(
            new Explanation(
                "t-1", 10_000, 8 + 10 * SkillWindow.WIDENING_PER_SECOND, 1, 2, List.of()));
  }

  @Test
  void whoMissesByOneCriterionAloneIsNamedByIt() {
    Explanation why =
        why(
            solo(1, 0, 25),
            ticket(2, new Criteria("duel", "us", 2), 0, 1, 25),
            ticket(3, new Criteria("duel", "us", 2), 0, 1, 90),
            ticket(4, new Criteria("other", "eu", 2), 0, 1, 25),
            ticket(5, FOUR, 0, 2, 25),
            ticket(6, new Criteria("other", "us", 2), 0, 1, 25));

    assertThat(why.mismatches())
        .containsExactly(
            new Mismatch("region", 1, 0, 0),
            new Mismatch("mode", 1, 0, 0),
            new Mismatch("size", 2, 0, 0));
  }

  @Test
  void theNearestInSkillIsToldWithTheTimeUntilHeWouldDo() {
    Explanation why = why(solo(1, 0, 25), solo(2, 0, 40), solo(3, 0, 60));

    assertThat(why.found()).isEqualTo(1);
    assertThat(why.mismatches()).containsExactly(new Mismatch("skill", 2, 2, 4_000));
  }

  @Test
  void enoughPlayersWhoDoNotFitEachOtherAreAMatterOfTheParty() {
    Criteria four = new Criteria(DUEL.mode(), DUEL.region(), 4);
    Explanation why =
        why(ticket(1, four, 0, 2, 25), ticket(2, four, 0, 1, 14), ticket(3, four, 0, 1, 36));

    assertThat(why.found()).isEqualTo(4);
    assertThat(why.mismatches()).containsExactly(new Mismatch("party", 2, 0, 0));
  }
}

package dev.rookery.matchmaking;

import dev.rookery.base.PlayerId;
import java.util.ArrayList;
import java.util.List;

/** Builds tickets for tests of the pure matchmaking functions. */
final class TestTickets {
  static final Criteria DUEL = new Criteria("duel", "eu", 2);
  static final Criteria FOUR = new Criteria("duel", "eu", 4);

  private TestTickets() {}

  /** A ticket created at the given second, for a party of players of equal skill. */
  static Ticket ticket(long id, Criteria criteria, long second, int players, double mu) {
    var party = new ArrayList<TicketPlayer>();
    for (int i = 0; i < players; i++) {
      party.add(
          new TicketPlayer(
              new PlayerId(id * 100 + i), "u-" + id + "-" + i, "p" + id + "-" + i, mu, 8));
    }
    return new Ticket(id, "t-" + id, criteria, party, second * 1_000, 0);
  }

  static Ticket solo(long id, long second, double mu) {
    return ticket(id, DUEL, second, 1, mu);
  }

  static List<Long> ids(List<Ticket> tickets) {
    return tickets.stream().map(Ticket::id).sorted().toList();
  }
}

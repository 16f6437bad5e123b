package dev.rookery.matchmaking;

import dev.rookery.base.FieldErrors;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.matchmaking.MatchmakingQuery.ListedTicket;
import dev.rookery.matchmaking.MatchmakingQuery.Simulate;
import dev.rookery.matchmaking.MatchmakingQuery.TicketReport;
import dev.rookery.store.Database;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Answers {@link MatchmakingQuery}, from what is committed and by the rules that match. */
final class MatchmakingQueries {
  private static final int CANDIDATES_MAX = 50;
  private static final double SKILL_MAX = 10_000;
  private static final long WAITED_MS_MAX = Duration.ofDays(1).toMillis();

  /** The ids of rows are positive and count up. */
  private static final long SIMULATED_ID = Long.MAX_VALUE;

  private final Database database;
  private final TicketStore tickets;
  private final TicketListStore lists = new TicketListStore();
  private final InstantSource clock;
  private final int poolMax;

  /**
   * @param poolMax how many tickets are compared
   */
  MatchmakingQueries(Database database, TicketStore tickets, InstantSource clock, int poolMax) {
    this.database = database;
    this.tickets = tickets;
    this.clock = clock;
    this.poolMax = poolMax;
  }

  Object answer(MatchmakingQuery<?> query) {
    long now = clock.millis();
    return switch (query) {
      case MatchmakingQuery.ListPools() -> lists.pools(database, now);
      case MatchmakingQuery.ListTickets list -> lists.list(database, list, now);
      case MatchmakingQuery.CountTickets(var filter, var max) ->
          lists.count(database, filter, max, now);
      case MatchmakingQuery.InspectTicket(var uuid) -> inspect(uuid, now);
      case Simulate simulate -> simulate(simulate, now);
    };
  }

  private TicketReport inspect(String uuid, long now) {
    ListedTicket waiting =
        lists.find(database, uuid).orElseThrow(() -> Refused.missing("ticket_not_found"));
    List<Ticket> pool = tickets.waiting(database, now, poolMax);
    Ticket ticket =
        pool.stream()
            .filter(one -> one.uuid().equals(uuid))
            .findFirst()
            .orElseGet(() -> ticket(waiting));
    return TicketExplainer.report(waiting, ticket, pool, now, CANDIDATES_MAX);
  }

  private static Ticket ticket(ListedTicket waiting) {
    return new Ticket(
        waiting.id(),
        waiting.ticket(),
        waiting.criteria(),
        waiting.players(),
        waiting.createdMs(),
        waiting.notBeforeMs());
  }

  private TicketReport simulate(Simulate simulate, long now) {
    FieldErrors errors = MatchmakingVerticle.check(simulate.criteria(), simulate.players());
    if (!(Math.abs(simulate.mu()) <= SKILL_MAX)) {
      errors.add("mu", "is out of range");
    }
    if (!(simulate.sigma() >= 0 && simulate.sigma() <= SKILL_MAX)) {
      errors.add("sigma", "is out of range");
    }
    if (simulate.waitedMs() < 0 || simulate.waitedMs() > WAITED_MS_MAX) {
      errors.add("waited_ms", "must be within a day");
    }
    errors.refuse();
    var players = new ArrayList<TicketPlayer>();
    for (int i = 1; i <= simulate.players(); i++) {
      players.add(
          new TicketPlayer(
              new PlayerId(0), "", "Simulated player " + i, simulate.mu(), simulate.sigma()));
    }
    long created = now - simulate.waitedMs();
    var waiting =
        new ListedTicket(
            SIMULATED_ID, "", simulate.criteria(), players, created, now, now, null, null);
    Ticket ticket = ticket(waiting);
    var pool = new ArrayList<>(tickets.waiting(database, now, poolMax));
    pool.add(ticket);
    return TicketExplainer.report(waiting, ticket, pool, now, CANDIDATES_MAX);
  }
}

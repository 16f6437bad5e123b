package dev.rookery.matchmaking;

import dev.rookery.allocation.Allocation;
import dev.rookery.allocation.Match;
import dev.rookery.allocation.Matchup;
import dev.rookery.allocation.Matchup.Participant;
import dev.rookery.base.Refused;
import dev.rookery.base.Topic;
import dev.rookery.lease.Lease;
import dev.rookery.lease.Leases;
import dev.rookery.matchmaking.MatchFunction.Proposal;
import dev.rookery.store.Database;
import dev.rookery.store.Placeholders;
import dev.rookery.store.Transaction;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs matchmaking cycles on the node that holds the lease: removes expired and abandoned tickets,
 * proposes matches, allocates a game server for each, and saves them.
 *
 * <p>A match is saved in one transaction that checks the lease and that all of its tickets still
 * exist; otherwise nothing is saved, and the game server that was allocated remains unused. All
 * state is in the database, so the next owner of the lease continues without a handover.
 */
final class Matchmaker {
  private static final Logger LOG = LoggerFactory.getLogger(Matchmaker.class);
  private static final int TICKETS_MAX = 5_000;
  static final int MATCHES_MAX = 64;
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private final Database database;
  private final TicketStore tickets;
  private final MatchmakingSetup setup;
  private final Timer waitTime;
  private volatile int waiting;

  Matchmaker(Database database, TicketStore tickets, MatchmakingSetup setup, MeterRegistry meters) {
    this.database = database;
    this.tickets = tickets;
    this.setup = setup;
    this.waitTime =
        Timer.builder("rookery.matchmaking.waited")
            .description("Time that tickets waited until they were matched")
            .register(meters);
  }

  int waiting() {
    return waiting;
  }

  void runCycle(Lease lease) {
    long now = setup.clock().millis();
    List<Ticket> expired = tickets.stale(database, now, Placeholders.MANY_MAX);
    List<Ticket> waitingTickets = tickets.waiting(database, now, TICKETS_MAX);
    waiting = waitingTickets.size();
    if (expired.isEmpty() && waitingTickets.isEmpty()) {
      return;
    }
    // Read again after a removal: players who are gone must not be matched.
    boolean removed = removeStale(lease, expired);
    List<Ticket> pool = removed ? tickets.waiting(database, now, TICKETS_MAX) : waitingTickets;
    var pending = new ArrayList<PendingMatch>();
    for (Proposal proposal : MatchFunction.propose(pool, now, MATCHES_MAX)) {
      var matchup =
          new Matchup(
              setup.ids().uuid(),
              participants(proposal.teamA()),
              participants(proposal.teamB()),
              proposal.teamA().getFirst().criteria().mode());
      pending.add(new PendingMatch(proposal, matchup, setup.allocator().prepare(matchup)));
    }
    pending.forEach(match -> complete(lease, match));
  }

  private record PendingMatch(Proposal proposal, Matchup matchup, Future<Allocation> allocation) {}

  private void complete(Lease lease, PendingMatch pending) {
    List<Ticket> matched = pending.proposal.tickets();
    try {
      Allocation allocation = pending.allocation.await();
      long now = setup.clock().millis();
      database.write(tx -> save(tx, lease, matched, allocation));
      matched.forEach(ticket -> waitTime.record(now - ticket.createdMs(), TimeUnit.MILLISECONDS));
    } catch (Refused refused) {
      if (refused.refusal().code().equals("not_owner")) {
        throw refused;
      }
      LOG.warn(
          "Match {} could not be started, its tickets are retried in {} s: {}",
          pending.matchup.match(),
          RETRY_AFTER.toSeconds(),
          refused.getMessage());
      postpone(lease, matched);
    }
  }

  private Match save(Transaction tx, Lease lease, List<Ticket> matched, Allocation allocation) {
    Leases.fence(tx, lease);
    if (!tickets.removeMatched(tx, matched)) {
      // A ticket was cancelled meanwhile, or its party has changed.
      throw Refused.conflict("cancelled");
    }
    Match match = allocation.start(tx, allocation.matchup());
    for (Ticket ticket : matched) {
      var event = new MatchmakingEvent.Matched(ticket.uuid(), match);
      ticket.party().forEach(player -> tx.append(Topic.player(player.player()), event));
    }
    return match;
  }

  private void postpone(Lease lease, List<Ticket> postponed) {
    long until = setup.clock().millis() + RETRY_AFTER.toMillis();
    database.write(
        tx -> {
          Leases.fence(tx, lease);
          tickets.postpone(tx, postponed, until);
          return postponed;
        });
  }

  private boolean removeStale(Lease lease, List<Ticket> expired) {
    if (expired.isEmpty() && !tickets.anyAbandoned(database)) {
      return false;
    }
    return database.write(
        tx -> {
          Leases.fence(tx, lease);
          tickets.removeAbandoned(tx, TICKETS_MAX);
          for (Ticket ticket : expired) {
            if (tickets.remove(tx, List.of(ticket))) {
              var event = new MatchmakingEvent.Expired(ticket.uuid());
              ticket.party().forEach(player -> tx.append(Topic.player(player.player()), event));
            }
          }
          return true;
        });
  }

  private static List<Participant> participants(List<Ticket> team) {
    return team.stream()
        .flatMap(ticket -> ticket.party().stream())
        .map(player -> new Participant(player.uuid(), player.name(), player.player()))
        .toList();
  }
}

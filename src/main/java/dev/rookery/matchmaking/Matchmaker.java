package dev.rookery.matchmaking;

import dev.rookery.allocation.GameServer;
import dev.rookery.allocation.Matchup;
import dev.rookery.allocation.Matchup.Participant;
import dev.rookery.base.Refused;
import dev.rookery.base.Topic;
import dev.rookery.lease.Lease;
import dev.rookery.lease.Leases;
import dev.rookery.lobby.Match;
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
 * One look at the pool by the node that owns it. Everything it knows is in the rows, so whoever
 * owns it next goes on at once. A match is made in one transaction under the lease, and only if all
 * of its tickets are still there; a server that was allocated for nothing waits for nobody.
 */
final class Matchmaker {
  private static final Logger LOG = LoggerFactory.getLogger(Matchmaker.class);
  private static final int TICKETS_MAX = 5_000;
  private static final int MATCHES_MAX = 64;
  private static final Duration PUT_OFF = Duration.ofSeconds(5);

  private final Database database;
  private final TicketStore tickets;
  private final MatchmakingSetup setup;
  private final Timer waited;
  private volatile int waiting;

  Matchmaker(Database database, TicketStore tickets, MatchmakingSetup setup, MeterRegistry meters) {
    this.database = database;
    this.tickets = tickets;
    this.setup = setup;
    this.waited =
        Timer.builder("rookery.matchmaking.waited")
            .description("How long tickets waited until they were matched")
            .register(meters);
  }

  int waiting() {
    return waiting;
  }

  void run(Lease lease) {
    long now = setup.clock().millis();
    List<Ticket> late = tickets.expired(database, now, Placeholders.MANY_MAX);
    List<Ticket> all = tickets.waiting(database, now, TICKETS_MAX);
    waiting = all.size();
    if (late.isEmpty() && all.isEmpty()) {
      return;
    }
    // Those who are gone must not be matched.
    boolean cleared = clear(lease, late);
    List<Ticket> pool = cleared ? tickets.waiting(database, now, TICKETS_MAX) : all;
    var starting = new ArrayList<Starting>();
    for (Proposal teams : MatchFunction.pair(pool, now, MATCHES_MAX)) {
      var matchup = new Matchup(setup.ids().uuid(), side(teams.a()), side(teams.b()));
      starting.add(new Starting(teams, matchup, setup.allocator().allocate(matchup)));
    }
    starting.forEach(one -> finish(lease, one));
  }

  private record Starting(Proposal teams, Matchup matchup, Future<GameServer> server) {}

  private void finish(Lease lease, Starting one) {
    List<Ticket> all = one.teams.all();
    try {
      GameServer server = one.server.await();
      long now = setup.clock().millis();
      var match = new Match(one.matchup, now, server);
      database.write(tx -> begin(tx, lease, all, match));
      all.forEach(ticket -> waited.record(now - ticket.createdMs(), TimeUnit.MILLISECONDS));
    } catch (Refused refused) {
      if (refused.refusal().code().equals("not_owner")) {
        throw refused;
      }
      LOG.warn("a match could not be started, trying again: {}", refused.getMessage());
      putOff(lease, all);
    }
  }

  private Match begin(Transaction tx, Lease lease, List<Ticket> all, Match match) {
    Leases.fence(tx, lease);
    if (!tickets.remove(tx, all)) {
      // Somebody has cancelled meanwhile.
      throw Refused.conflict("cancelled");
    }
    for (Ticket ticket : all) {
      var matched = new MatchmakingEvent.Matched(ticket.uuid(), match);
      ticket.party().forEach(player -> tx.append(Topic.player(player.player()), matched));
    }
    return match;
  }

  private void putOff(Lease lease, List<Ticket> all) {
    long until = setup.clock().millis() + PUT_OFF.toMillis();
    database.write(
        tx -> {
          Leases.fence(tx, lease);
          tickets.putOff(tx, all, until);
          return all;
        });
  }

  private boolean clear(Lease lease, List<Ticket> late) {
    if (late.isEmpty() && !tickets.anyAbandoned(database)) {
      return false;
    }
    return database.write(
        tx -> {
          Leases.fence(tx, lease);
          tickets.removeAbandoned(tx, TICKETS_MAX);
          for (Ticket ticket : late) {
            if (tickets.remove(tx, List.of(ticket))) {
              var expired = new MatchmakingEvent.Expired(ticket.uuid());
              ticket.party().forEach(player -> tx.append(Topic.player(player.player()), expired));
            }
          }
          return true;
        });
  }

  private static List<Participant> side(List<Ticket> team) {
    return team.stream()
        .flatMap(ticket -> ticket.party().stream())
        .map(player -> new Participant(player.uuid(), player.name()))
        .toList();
  }
}

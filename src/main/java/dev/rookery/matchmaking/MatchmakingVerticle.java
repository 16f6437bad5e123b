package dev.rookery.matchmaking;

import dev.rookery.base.FieldErrors;
import dev.rookery.base.PartyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.base.Topic;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Done;
import dev.rookery.matchmaking.MatchmakingCommand.CreateTicket;
import dev.rookery.matchmaking.MatchmakingCommand.CreatedTicket;
import dev.rookery.matchmaking.MatchmakingCommand.Search;
import dev.rookery.party.Parties;
import dev.rookery.party.Party;
import dev.rookery.player.Export;
import dev.rookery.player.Player;
import dev.rookery.player.Players;
import dev.rookery.store.Database;
import dev.rookery.store.Transaction;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Serves matchmaking commands on every node, on virtual threads, and schedules the {@link
 * Matchmaker} on one node of the cluster at a time, twice a second.
 */
public final class MatchmakingVerticle extends VerticleBase {
  private static final Duration CYCLE_INTERVAL = Duration.ofMillis(500);
  private static final int EXPLAINED_POOL_MAX = 5_000;

  private final Bus bus;
  private final Database database;
  private final MatchmakingSetup setup;
  private final TicketStore tickets = new TicketStore();
  private final Players players;
  private final Parties parties;
  private final Matchmaker matchmaker;
  private final MatchmakingQueries queries;

  public MatchmakingVerticle(
      Bus bus, Database database, MatchmakingSetup setup, MeterRegistry meters) {
    this.bus = bus;
    this.database = database;
    this.setup = setup;
    this.players = new Players(setup.clock());
    this.parties = new Parties(players);
    this.matchmaker = new Matchmaker(database, tickets, setup, meters);
    this.queries = new MatchmakingQueries(database, tickets, setup.clock(), EXPLAINED_POOL_MAX);
    Gauge.builder("rookery.matchmaking.waiting", matchmaker, Matchmaker::waiting)
        .description("Waiting tickets at the last matchmaking cycle, on the node that runs it")
        .register(meters);
  }

  @Override
  public Future<?> start() {
    setup.scheduler().schedule("matchmaking", CYCLE_INTERVAL, matchmaker::runCycle);
    var exports = new ExportStore();
    return Future.all(
        bus.<MatchmakingCommand<?>>serve(MatchmakingCommand.ADDRESS, this::handle),
        bus.<MatchmakingQuery<?>>serve(MatchmakingQuery.ADDRESS, queries::answer),
        bus.<Export>serve(
            Export.address("matchmaking_tickets"), export -> exports.tickets(database, export)));
  }

  private Object handle(MatchmakingCommand<?> command) {
    return switch (command) {
      case CreateTicket create -> createTicket(create);
      case Search search -> search(search);
      case MatchmakingCommand.CancelTicket(var ticket) ->
          database.write(tx -> tickets.cancel(tx, ticket));
      case MatchmakingCommand.CancelAny(var ticket) -> cancelAny(ticket);
      case MatchmakingCommand.Forget(var player) ->
          database.write(tx -> tickets.removeByPlayer(tx, player));
      case MatchmakingCommand.ExplainTicket(var player) -> explain(player);
    };
  }

  private Done cancelAny(String uuid) {
    return database.write(
        tx -> {
          Ticket ticket =
              tickets.find(tx, uuid).orElseThrow(() -> Refused.missing("ticket_not_found"));
          if (!tickets.remove(tx, List.of(ticket))) {
            throw Refused.missing("ticket_not_found");
          }
          var event = new MatchmakingEvent.Expired(uuid);
          ticket.party().forEach(player -> tx.append(Topic.player(player.player()), event));
          return Done.DONE;
        });
  }

  private CreatedTicket createTicket(CreateTicket command) {
    validate(command);
    String uuid = setup.ids().uuid();
    database.write(tx -> add(tx, uuid, command, null));
    return new CreatedTicket(uuid);
  }

  private String add(Transaction tx, String uuid, CreateTicket command, @Nullable Party party) {
    if (!tickets.add(
        tx,
        uuid,
        command.party(),
        command.criteria(),
        party,
        setup.run().getAsLong(),
        setup.ticketLifetime())) {
      throw Refused.conflict("already_searching");
    }
    return uuid;
  }

  private CreatedTicket search(Search search) {
    String given = search.ticket();
    String uuid = given == null ? setup.ids().uuid() : given;
    database.write(tx -> search(tx, uuid, search));
    return new CreatedTicket(uuid);
  }

  private String search(Transaction tx, String uuid, Search search) {
    Player player = players.find(tx, search.player());
    Long id = player.partyId();
    if (id == null) {
      var alone = new CreateTicket(List.of(ticketPlayer(player)), search.criteria());
      validate(alone);
      return add(tx, uuid, alone, null);
    }
    var partyId = new PartyId(id);
    Party party = parties.lock(tx, List.of(partyId)).get(partyId);
    List<Player> members =
        players.findInParties(tx, List.of(partyId)).getOrDefault(partyId, List.of());
    if (party == null || members.stream().noneMatch(one -> one.id().equals(player.id()))) {
      // The player left it at this moment.
      throw new Refused(new Refusal.Unavailable("party_busy"));
    }
    if (!party.leader().equals(player.id())) {
      throw Refused.denied("not_leader");
    }
    List<TicketPlayer> searching =
        Stream.concat(
                Stream.of(player),
                members.stream().filter(member -> !member.id().equals(player.id())))
            .map(MatchmakingVerticle::ticketPlayer)
            .toList();
    var together = new CreateTicket(searching, search.criteria());
    validate(together);
    return add(tx, uuid, together, party);
  }

  private static TicketPlayer ticketPlayer(Player player) {
    return new TicketPlayer(
        player.id(),
        player.uuid(),
        player.displayName(),
        TicketPlayer.MU_DEFAULT,
        TicketPlayer.SIGMA_DEFAULT);
  }

  private static void validate(CreateTicket command) {
    int players = command.party().size();
    long distinct = command.party().stream().map(TicketPlayer::player).distinct().count();
    check(command.criteria(), distinct == players ? players : 0).refuse();
  }

  /**
   * What is wrong with the criteria of a ticket.
   *
   * @param players of the ticket
   */
  static FieldErrors check(Criteria criteria, int players) {
    var errors =
        new FieldErrors()
            .text("mode", criteria.mode(), 1, Criteria.TEXT_MAX)
            .text("region", criteria.region(), 1, Criteria.TEXT_MAX)
            .number("size", criteria.size(), 2, Criteria.SIZE_MAX);
    if (criteria.size() % 2 != 0) {
      errors.add("size", "must be even");
    }
    if (players < 1 || players > criteria.size() / 2) {
      errors.add("party", "must fit into one team");
    }
    return errors;
  }

  private Explanation explain(PlayerId player) {
    long now = setup.clock().millis();
    Ticket ticket =
        tickets.findByPlayer(database, player).orElseThrow(() -> Refused.missing("not_searching"));
    return TicketExplainer.explain(ticket, tickets.waiting(database, now, EXPLAINED_POOL_MAX), now);
  }
}

package dev.rookery.protocol.gamend;

import dev.rookery.base.PlayerId;
import dev.rookery.matchmaking.Criteria;
import dev.rookery.matchmaking.Explanation;
import dev.rookery.matchmaking.MatchmakingCommand;
import dev.rookery.matchmaking.MatchmakingQuery;
import dev.rookery.matchmaking.MatchmakingQuery.Candidate;
import dev.rookery.matchmaking.MatchmakingQuery.ListedTicket;
import dev.rookery.matchmaking.MatchmakingQuery.Pool;
import dev.rookery.matchmaking.MatchmakingQuery.TicketFilter;
import dev.rookery.matchmaking.MatchmakingQuery.TicketReport;
import dev.rookery.matchmaking.TicketPlayer;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Pools and tickets of matchmaking, and why they are not matched, for admins. */
final class AdminMatchmakingRoutes {
  private static final int PAGE_SIZE = 25;

  void register(Map<String, Endpoint.Route> routes) {
    routes.put("admin_list_matchmaking_pools", this::pools);
    routes.put("admin_list_matchmaking_tickets", this::list);
    routes.put("admin_get_matchmaking_ticket", this::inspect);
    routes.put("admin_cancel_matchmaking_ticket", this::cancel);
    routes.put("admin_simulate_matchmaking", this::simulate);
  }

  private Future<Response> pools(ApiRequest request) {
    return request
        .ask(new MatchmakingQuery.ListPools())
        .map(
            pools -> {
              var data = new JsonArray();
              pools.forEach(pool -> data.add(view(pool)));
              return Response.ok(JsonObject.of("data", data));
            });
  }

  private static JsonObject view(Pool pool) {
    return view(pool.criteria())
        .put("tickets", pool.tickets())
        .put("players", pool.players())
        .put("oldest_at", Views.time(pool.oldestMs()));
  }

  private static JsonObject view(Criteria criteria) {
    return JsonObject.of(
        "mode", criteria.mode(), "region", criteria.region(), "size", criteria.size());
  }

  private Future<Response> list(ApiRequest request) {
    Input input = request.input();
    Long player = input.number("user_id");
    Integer wanted = input.integer("page_size");
    int size = Math.clamp(wanted == null ? PAGE_SIZE : wanted, 1, MatchmakingQuery.PAGE_MAX);
    var filter =
        new TicketFilter(
            input.text("mode"),
            input.text("region"),
            input.integer("size"),
            player == null ? null : new PlayerId(player));
    return request
        .ask(new MatchmakingQuery.ListTickets(filter, input.number("after"), false, size + 1))
        .map(found -> Response.ok(page(found, size)));
  }

  private static JsonObject page(List<ListedTicket> found, int size) {
    var data = new JsonArray();
    found.stream().limit(size).forEach(ticket -> data.add(view(ticket)));
    @Nullable Long next = found.size() > size ? Long.valueOf(found.get(size - 1).id()) : null;
    return new JsonObject().put("data", data).put("next", next);
  }

  private static JsonObject view(ListedTicket ticket) {
    var players = new JsonArray();
    for (TicketPlayer player : ticket.players()) {
      players.add(
          JsonObject.of(
              "user_id",
              player.player().value(),
              "display_name",
              player.name(),
              "mu",
              player.mu(),
              "sigma",
              player.sigma()));
    }
    return view(ticket.criteria())
        .put("ticket", ticket.ticket())
        .put("players", players)
        .put("created_at", Views.time(ticket.createdMs()))
        .put("expires_at", Views.time(ticket.expiresMs()))
        .put("party_id", ticket.party())
        .put("node", ticket.node());
  }

  private Future<Response> inspect(ApiRequest request) {
    return request
        .ask(new MatchmakingQuery.InspectTicket(request.input().textOrEmpty("id")))
        .map(report -> Response.ok(JsonObject.of("data", view(report))));
  }

  private Future<Response> cancel(ApiRequest request) {
    return request
        .ask(new MatchmakingCommand.CancelAny(request.input().textOrEmpty("id")))
        .map(Response::empty);
  }

  private Future<Response> simulate(ApiRequest request) {
    Input input = request.input();
    var criteria =
        new Criteria(
            input.textOrEmpty("mode"), input.textOrEmpty("region"), number(input, "size", 2));
    return request
        .ask(
            new MatchmakingQuery.Simulate(
                criteria,
                number(input, "party", 1),
                decimal(input, "mu", TicketPlayer.MU_DEFAULT),
                decimal(input, "sigma", TicketPlayer.SIGMA_DEFAULT),
                number(input, "waited_ms", 0)))
        .map(report -> Response.ok(JsonObject.of("data", view(report))));
  }

  private static int number(Input input, String name, int otherwise) {
    Integer number = input.integer(name);
    return number == null ? otherwise : number;
  }

  private static double decimal(Input input, String name, double otherwise) {
    Integer number = input.integer(name);
    return number == null ? otherwise : number;
  }

  private static JsonObject view(TicketReport report) {
    Explanation explanation = report.explanation();
    var mismatches = new JsonArray();
    for (Explanation.Mismatch mismatch : explanation.mismatches()) {
      mismatches.add(
          JsonObject.of(
              "criterion",
              mismatch.criterion(),
              "players",
              mismatch.players(),
              "smallest_excess",
              mismatch.smallestExcess(),
              "compatible_in_ms",
              mismatch.compatibleInMs()));
    }
    var candidates = new JsonArray();
    report.candidates().forEach(candidate -> candidates.add(view(candidate)));
    return new JsonObject()
        .put("ticket", view(report.ticket()))
        .put("mu", report.mu())
        .put("sigma", report.sigma())
        .put("waited_ms", explanation.waitedMs())
        .put("skill_window", explanation.skillWindow())
        .put("found", explanation.found())
        .put("needed", explanation.needed())
        .put("postponed_ms", report.postponedMs())
        .put("matched_with", new JsonArray(report.matchedWith()))
        .put("mismatches", mismatches)
        .put("candidates", candidates);
  }

  private static JsonObject view(Candidate candidate) {
    var refusing = new JsonArray();
    for (MatchmakingQuery.Refusing rule : candidate.refusing()) {
      @Nullable Long relaxes = rule.relaxesInMs() < 0 ? null : Long.valueOf(rule.relaxesInMs());
      refusing.add(
          new JsonObject()
              .put("rule", rule.rule())
              .put("excess", rule.excess())
              .put("relaxes_in_ms", relaxes));
    }
    return view(candidate.criteria())
        .put("ticket", candidate.ticket())
        .put("players", candidate.players())
        .put("waited_ms", candidate.waitedMs())
        .put("skill_difference", candidate.skillDifference())
        .put("refusing", refusing);
  }
}

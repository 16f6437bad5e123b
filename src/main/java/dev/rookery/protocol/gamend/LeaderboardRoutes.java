package dev.rookery.protocol.gamend;

import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Text;
import dev.rookery.bus.Bus;
import dev.rookery.leaderboard.Board;
import dev.rookery.leaderboard.BoardRef;
import dev.rookery.leaderboard.LeaderboardQuery;
import dev.rookery.leaderboard.LeaderboardQuery.Filter;
import dev.rookery.leaderboard.LeaderboardQuery.ListOrder;
import dev.rookery.leaderboard.RankedRecord;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Boards and ranks (Gamend HTTP contract, section 15.1). */
final class LeaderboardRoutes {
  private static final int PAGE_SIZE_MAX = 100;
  private static final int AROUND = 11;
  private static final int AROUND_MAX = 100;
  private static final ErrorShape BAD_REQUEST = ErrorShape.bare(400);

  private final Bus bus;
  private final InstantSource clock;

  LeaderboardRoutes(Bus bus, InstantSource clock) {
    this.bus = bus;
    this.clock = clock;
  }

  void register(Map<String, Endpoint.Route> routes) {
    routes.put("list_leaderboards", this::list);
    routes.put("resolve_leaderboard_slugs", this::resolve);
    routes.put("get_leaderboard", this::show);
    routes.put("list_leaderboard_records", this::top);
    routes.put("list_records_around_user", this::around);
    routes.put("get_my_record", this::mine);
    routes.put("list_friends_records", this::ofFriends);
  }

  private Future<Response> list(ApiRequest request) {
    Input in = request.input();
    var filter =
        new Filter(
            in.text("slug"),
            in.flag("active"),
            in.number("starts_after"),
            in.number("starts_before"),
            in.number("ends_after"),
            in.number("ends_before"));
    ListOrder order =
        "inserted_at".equals(in.text("order_by")) ? ListOrder.INSERTED_AT : ListOrder.ENDS_AT;
    return bus.ask(new LeaderboardQuery.ListBoards(filter, order, request.page(PAGE_SIZE_MAX)))
        .map(page -> Response.ok(LeaderboardViews.page(page, this::board)));
  }

  private Future<Response> show(ApiRequest request) {
    return bus.ask(new LeaderboardQuery.Find(ref(request)))
        .map(
            found ->
                Response.ok(
                    new JsonObject()
                        .put("data", board(found.board()))
                        .put("seasons", LeaderboardViews.seasons(found))));
  }

  private Future<Response> resolve(ApiRequest request) {
    var slugs = new ArrayList<String>();
    for (Object slug : request.input().list("slugs")) {
      if (!(slug instanceof String text) || slugs.size() == LeaderboardQuery.Resolve.SLUGS_MAX) {
        throw new InvalidRequest(BAD_REQUEST, Map.of());
      }
      // No board has a slug that the database cannot store, or look for.
      if (Text.isStorable(text)) {
        slugs.add(text);
      }
    }
    return bus.ask(new LeaderboardQuery.Resolve(slugs))
        .map(
            boards -> {
              var data = new JsonObject();
              boards.forEach((slug, board) -> data.put(slug, board(board)));
              return Response.ok(JsonObject.of("data", data));
            });
  }

  private Future<Response> top(ApiRequest request) {
    return bus.ask(new LeaderboardQuery.Top(ref(request), request.page(PAGE_SIZE_MAX)))
        .map(LeaderboardRoutes::records);
  }

  private Future<Response> around(ApiRequest request) {
    Long player = request.input().number("user_id");
    if (player == null) {
      return Future.succeededFuture(data(List.of()));
    }
    Integer limit = request.input().integer("limit");
    int size = Math.clamp(limit == null ? AROUND : limit, 1, AROUND_MAX);
    return bus.ask(new LeaderboardQuery.Around(ref(request), new PlayerId(player), size))
        .map(LeaderboardRoutes::data);
  }

  private Future<Response> mine(ApiRequest request) {
    return bus.ask(new LeaderboardQuery.FindOfPlayer(ref(request), request.player()))
        .map(record -> Response.ok(JsonObject.of("data", LeaderboardViews.record(record))));
  }

  private Future<Response> ofFriends(ApiRequest request) {
    return bus.ask(
            new LeaderboardQuery.OfFriends(
                ref(request), request.player(), request.page(PAGE_SIZE_MAX)))
        .map(LeaderboardRoutes::records);
  }

  private static Response records(Page<RankedRecord> page) {
    return Response.ok(LeaderboardViews.page(page, LeaderboardViews::record));
  }

  private static Response data(List<RankedRecord> records) {
    return Response.ok(JsonObject.of("data", Views.list(records, LeaderboardViews::record)));
  }

  private JsonObject board(Board board) {
    return LeaderboardViews.board(board, clock.millis());
  }

  static BoardRef ref(ApiRequest request) {
    return new BoardRef(request.input().textOrEmpty("id"));
  }
}

package dev.rookery.protocol.gamend;

import dev.rookery.base.PlayerId;
import dev.rookery.base.RecordId;
import dev.rookery.leaderboard.Board;
import dev.rookery.leaderboard.BoardRecord;
import dev.rookery.leaderboard.LeaderboardCommand;
import dev.rookery.leaderboard.LeaderboardCommand.Clearable;
import dev.rookery.leaderboard.LeaderboardQuery;
import dev.rookery.leaderboard.RecordOwner;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Boards and records for admins, who also submit scores (Gamend HTTP contract, section 17.3). */
final class AdminLeaderboardRoutes {
  private static final ErrorShape BAD_REQUEST = ErrorShape.bare(400);

  void register(Map<String, Endpoint.Route> routes) {
    routes.put("admin_create_leaderboard", this::create);
    routes.put("admin_update_leaderboard", this::update);
    routes.put("admin_get_leaderboard", this::show);
    routes.put("admin_end_leaderboard", this::end);
    routes.put("admin_delete_leaderboard", this::delete);
    routes.put("admin_submit_leaderboard_score", this::submit);
    routes.put("admin_update_leaderboard_record", this::updateRecord);
    routes.put("admin_delete_leaderboard_record", this::deleteRecord);
    routes.put("admin_delete_leaderboard_user_record", this::deleteOfPlayer);
  }

  private Future<Response> create(ApiRequest request) {
    Input in = request.input();
    String sortOrder = in.text("sort_order");
    String operator = in.text("operator");
    return request
        .ask(
            new LeaderboardCommand.Create(
                in.textOrEmpty("slug"),
                in.textOrEmpty("title"),
                in.text("description"),
                sortOrder == null
                    ? Board.SortOrder.DESC
                    : Board.SortOrder.valueOf(sortOrder.toUpperCase(Locale.ROOT)),
                operator == null
                    ? Board.Operator.BEST
                    : Board.Operator.valueOf(operator.toUpperCase(Locale.ROOT)),
                in.number("starts_at"),
                in.number("ends_at"),
                in.object("metadata"),
                in.text("reset"),
                request.player(),
                request.idempotencyKey()))
        .map(AdminLeaderboardRoutes::board);
  }

  private Future<Response> update(ApiRequest request) {
    Input in = request.input();
    return request
        .ask(
            new LeaderboardCommand.Update(
                LeaderboardRoutes.ref(request),
                in.text("title"),
                in.text("description"),
                in.number("starts_at"),
                in.number("ends_at"),
                in.object("metadata"),
                cleared(request),
                EntityTags.revision(request)))
        .map(board -> answer(request, board));
  }

  private Future<Response> show(ApiRequest request) {
    return request
        .ask(new LeaderboardQuery.FindStored(LeaderboardRoutes.ref(request)))
        .map(board -> answer(request, board));
  }

  private static Response answer(ApiRequest request, Board board) {
    EntityTags.set(request, board.updatedMs());
    return board(board);
  }

  /** The properties that the body sets to null. */
  private static Set<Clearable> cleared(ApiRequest request) {
    Map<String, Object> body = Params.body(request.context());
    Set<Clearable> cleared = EnumSet.noneOf(Clearable.class);
    for (Clearable property : Clearable.values()) {
      String name = property.name().toLowerCase(Locale.ROOT);
      if (body.containsKey(name) && body.get(name) == null) {
        cleared.add(property);
      }
    }
    return cleared;
  }

  private Future<Response> end(ApiRequest request) {
    return request
        .ask(new LeaderboardCommand.End(LeaderboardRoutes.ref(request)))
        .map(AdminLeaderboardRoutes::board);
  }

  private Future<Response> delete(ApiRequest request) {
    return request
        .ask(new LeaderboardCommand.Delete(LeaderboardRoutes.ref(request)))
        .map(Response::empty);
  }

  private Future<Response> submit(ApiRequest request) {
    Input in = request.input();
    return request
        .ask(
            new LeaderboardCommand.Submit(
                LeaderboardRoutes.ref(request),
                owner(in.text("label"), in.number("user_id")),
                in.id("score"),
                0,
                in.object("metadata"),
                request.player(),
                request.idempotencyKey()))
        .map(AdminLeaderboardRoutes::record);
  }

  /** A label wins if both are given. */
  private static RecordOwner owner(@Nullable String label, @Nullable Long player) {
    if (label != null) {
      return new RecordOwner.OfLabel(label);
    }
    if (player == null) {
      throw new InvalidRequest(BAD_REQUEST, Map.of());
    }
    return new RecordOwner.OfPlayer(new PlayerId(player));
  }

  private Future<Response> updateRecord(ApiRequest request) {
    Input in = request.input();
    return request
        .ask(
            new LeaderboardCommand.UpdateRecord(
                new RecordId(in.id("record_id")), in.number("score"), in.object("metadata")))
        .map(AdminLeaderboardRoutes::record);
  }

  private Future<Response> deleteRecord(ApiRequest request) {
    var record = new RecordId(request.input().id("record_id"));
    return request.ask(new LeaderboardCommand.DeleteRecord(record)).map(Response::empty);
  }

  private Future<Response> deleteOfPlayer(ApiRequest request) {
    Long player = request.input().number("user_id");
    return player == null
        ? Future.succeededFuture(Response.ok(new JsonObject()))
        : request
            .ask(
                new LeaderboardCommand.DeletePlayerRecord(
                    LeaderboardRoutes.ref(request), new PlayerId(player)))
            .map(Response::empty);
  }

  private static Response board(Board board) {
    return Response.ok(JsonObject.of("data", LeaderboardViews.adminBoard(board)));
  }

  private static Response record(BoardRecord record) {
    return Response.ok(JsonObject.of("data", LeaderboardViews.adminRecord(record)));
  }
}

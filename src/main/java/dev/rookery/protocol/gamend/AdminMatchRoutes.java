package dev.rookery.protocol.gamend;

import dev.rookery.base.Text;
import dev.rookery.match.MatchCommand;
import dev.rookery.match.MatchQuery;
import dev.rookery.match.MatchQuery.ListedRoom;
import dev.rookery.match.MatchQuery.PastMatch;
import dev.rookery.match.MatchQuery.PastStep;
import dev.rookery.match.MatchQuery.RoomPage;
import dev.rookery.match.MatchQuery.RoomPosition;
import dev.rookery.match.MatchQuery.RoomSummary;
import dev.rookery.match.MatchQuery.Timeline;
import dev.rookery.match.MatchQuery.TimelineEntry;
import dev.rookery.match.Phase;
import dev.rookery.match.RoomInfo;
import dev.rookery.match.SeatInfo;
import io.vertx.core.Future;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Rooms and the past of their matches, for admins. */
final class AdminMatchRoutes {
  private static final int PAGE_SIZE = 25;
  private static final Pattern CURSOR = Pattern.compile("matches:(\\d{1,18}):(.{1,128})");
  private static final ErrorShape INVALID_CURSOR = ErrorShape.of(400, "invalid_cursor");
  private static final ErrorShape INVALID_REVISION = ErrorShape.of(400, "invalid_revision");
  private static final ErrorShape UNKNOWN_ROOM = ErrorShape.of(404, "unknown_room");

  void register(Map<String, Endpoint.Route> routes) {
    routes.put("admin_list_matches", this::list);
    routes.put("admin_get_match", this::find);
    routes.put("admin_close_match", request -> asHost(request, MatchCommand.CloseRoom::new));
    routes.put("admin_end_match", request -> asHost(request, MatchCommand.ReturnToLobby::new));
    routes.put("admin_reset_match", request -> asHost(request, MatchCommand.Reset::new));
    routes.put("admin_match_timeline", this::timeline);
    routes.put("admin_match_at", this::at);
    routes.put("admin_fork_match", this::fork);
  }

  private Future<Response> list(ApiRequest request) {
    String phase = request.input().text("phase");
    return request
        .ask(
            new MatchQuery.ListRooms(
                position(request.input().text("cursor")),
                phase == null ? null : Phase.valueOf(phase.toUpperCase(Locale.ROOT)),
                request.input().text("game_key"),
                size(request)))
        .map(page -> Response.ok(view(page)));
  }

  private static int size(ApiRequest request) {
    Integer size = request.input().integer("page_size");
    return Math.clamp(size == null ? PAGE_SIZE : size, 1, MatchQuery.PAGE_MAX);
  }

  private static RoomPosition position(@Nullable String cursor) {
    if (cursor == null) {
      return RoomPosition.NEWEST;
    }
    try {
      String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
      Matcher matcher = CURSOR.matcher(text);
      if (matcher.matches() && Text.isStorable(matcher.group(2))) {
        return new RoomPosition(Long.parseLong(matcher.group(1)), matcher.group(2));
      }
    } catch (IllegalArgumentException _) {
      // It is not one of ours either.
    }
    throw new InvalidRequest(INVALID_CURSOR, Map.of());
  }

  private static String cursor(RoomPosition position) {
    String text = "matches:" + position.createdMs() + ":" + position.room();
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static JsonObject view(RoomPage page) {
    var data = new JsonArray();
    page.rooms().forEach(room -> data.add(view(room)));
    RoomPosition next = page.next();
    return new JsonObject().put("data", data).put("cursor", next == null ? null : cursor(next));
  }

  private static JsonObject view(RoomSummary room) {
    Long started = room.startedMs();
    return new JsonObject()
        .put("room_id", room.room())
        .put("game_key", room.gameKey())
        .put("game_version", room.gameVersion())
        .put("phase", room.phase().text())
        .put("host_user", room.hostUser())
        .put("revision", room.revision())
        .put("actions", room.actions())
        .put("created_at", Views.time(room.createdMs()))
        .put("started_at", started == null ? null : Views.time(started))
        .put("forked_from", room.forkedFrom())
        .put("forked_revision", room.forkedRevision());
  }

  private Future<Response> find(ApiRequest request) {
    return request
        .ask(new MatchQuery.FindRoom(room(request)))
        .map(found -> Response.ok(JsonObject.of("data", view(found))));
  }

  private static JsonObject view(ListedRoom room) {
    return view(room.summary())
        .put("seats", room.seats())
        .put("capacity", room.capacity())
        .put("finished_at", timeOrNull(room.finishedMs()))
        .put("wake_at", timeOrNull(room.wakeMs()))
        .put("node", room.node())
        .put("epoch", room.epoch());
  }

  private static @Nullable String timeOrNull(@Nullable Long ms) {
    return ms == null ? null : Views.time(ms);
  }

  /** Carries out a command of the room's host, who stays the same as long as the room exists. */
  private static Future<Response> asHost(
      ApiRequest request, BiFunction<String, String, MatchCommand<?>> command) {
    return request
        .ask(new MatchQuery.FindRoom(room(request)))
        .compose(found -> request.ask(command.apply(room(request), found.summary().hostUser())))
        .map(Response::empty);
  }

  private Future<Response> timeline(ApiRequest request) {
    Integer after = request.input().integer("after");
    return request
        .ask(
            new MatchQuery.ReadTimeline(
                room(request), after == null ? 0 : Math.max(0, after), size(request)))
        .map(timeline -> Response.ok(view(timeline)));
  }

  private static String room(ApiRequest request) {
    String room = request.input().textOrEmpty("id");
    if (room.isEmpty() || room.length() > MatchCommand.ID_MAX) {
      throw new InvalidRequest(UNKNOWN_ROOM, Map.of());
    }
    return room;
  }

  private static JsonObject view(Timeline timeline) {
    var data = new JsonArray();
    timeline.entries().forEach(entry -> data.add(view(entry)));
    return new JsonObject()
        .put("data", data)
        .put("room_id", timeline.room())
        .put("game_key", timeline.gameKey())
        .put("game_version", timeline.gameVersion())
        .put("revision", timeline.revision())
        .put("actions", timeline.actions())
        .put("next", timeline.next());
  }

  private static JsonObject view(TimelineEntry entry) {
    var steps = new JsonArray();
    for (PastStep step : entry.steps()) {
      steps.add(
          new JsonObject()
              .put("revision", step.revision())
              .put("kind", step.kind())
              .put("event", json(step.event()))
              .put("position", json(step.position()))
              .put("result", json(step.result())));
    }
    return new JsonObject()
        .put("number", entry.number())
        .put("record", json(entry.record()))
        .put("steps", steps);
  }

  private static @Nullable Object json(String text) {
    return Json.decodeValue(text);
  }

  private Future<Response> at(ApiRequest request) {
    return request
        .ask(new MatchQuery.ViewAt(room(request), revision(request)))
        .map(past -> Response.ok(JsonObject.of("data", view(past))));
  }

  private static long revision(ApiRequest request) {
    Integer revision = request.input().integer("revision");
    if (revision == null || revision < 0) {
      throw new InvalidRequest(INVALID_REVISION, Map.of());
    }
    return revision;
  }

  private static JsonObject view(PastMatch past) {
    var views = new JsonObject();
    new TreeMap<>(past.snapshot().views()).forEach((player, own) -> views.put(player, json(own)));
    var checks = new JsonArray();
    past.checks()
        .forEach(
            check ->
                checks.add(
                    new JsonObject()
                        .put("number", check.number())
                        .put("digest", check.digest())
                        .put("same", check.same())));
    return new JsonObject()
        .put("room_id", past.room())
        .put("game_key", past.gameKey())
        .put("game_version", past.gameVersion())
        .put("revision", past.revision())
        .put("actions", past.actions())
        .put("derived", json(past.snapshot().derived()))
        .put("position", json(past.snapshot().position()))
        .put("result", json(past.snapshot().result()))
        .put("public", json(past.snapshot().publicView()))
        .put("players", views)
        .put("digest", past.digest())
        .put("snapshots", checks);
  }

  private Future<Response> fork(ApiRequest request) {
    return request
        .ask(
            new MatchQuery.Fork(
                room(request), revision(request), request.player(), request.idempotencyKey()))
        .map(
            forked ->
                Response.created(
                    JsonObject.of("data", view(forked.room()).put("revision", forked.revision()))));
  }

  private static JsonObject view(RoomInfo room) {
    var seats = new JsonArray();
    for (SeatInfo seat : room.seats()) {
      seats.add(
          new JsonObject()
              .put("seat_index", seat.index())
              .put("player_id", room.playerIDs().get(seat.index()))
              .put("user", seat.user()));
    }
    return new JsonObject()
        .put("room_id", room.room())
        .put("game_key", room.gameKey())
        .put("game_version", room.deploymentVersion())
        .put("phase", room.phase().text())
        .put("host_user", room.hostUser())
        .put("seats", seats);
  }
}

package dev.rookery.protocol.gamend;

import dev.rookery.account.AccountCommand;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.console.ConsoleCommand;
import dev.rookery.console.NoteCommand;
import dev.rookery.console.Permission;
import dev.rookery.console.PlayerNote;
import dev.rookery.console.SocketQuery;
import dev.rookery.edge.ViewAs;
import dev.rookery.player.Timeline;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;

/** What admins know of a player beside the profile: what happened, and what they wrote down. */
final class AdminPlayerRecordRoutes {
  private static final int SHOWN = 50;

  void register(Map<String, Endpoint.Route> routes) {
    routes.put("admin_get_user_timeline", this::timeline);
    routes.put("admin_list_user_connections", this::connections);
    routes.put("admin_disconnect_user", this::disconnect);
    routes.put("admin_view_as_user", AdminPlayerRecordRoutes::viewAs);
    routes.put("admin_list_user_notes", this::notes);
    routes.put("admin_add_user_note", this::add);
    routes.put("admin_delete_user_note", this::delete);
  }

  private static PlayerId user(ApiRequest request) {
    return new PlayerId(request.input().id("id"));
  }

  private static int limit(ApiRequest request) {
    Integer limit = request.input().integer("limit");
    return Math.clamp(limit == null ? SHOWN : limit, 1, 100);
  }

  private Future<Response> timeline(ApiRequest request) {
    boolean personal = request.requiredSession().may(Permission.PLAYERS_PERSONAL);
    return request
        .ask(
            new AccountCommand.ReadTimeline(
                user(request),
                request.input().textOrEmpty("after"),
                request.requiredSession().may(Permission.AUDIT_READ),
                limit(request)))
        .map(
            page -> {
              var entries = new JsonArray();
              page.entries().forEach(entry -> entries.add(view(entry, personal)));
              return Response.ok(
                  JsonObject.of("data", entries, "meta", JsonObject.of("next", page.next())));
            });
  }

  private static JsonObject view(Timeline.Entry entry, boolean personal) {
    return new JsonObject()
        .put("at", Views.time(entry.atMs()))
        .put("kind", entry.kind())
        .put("text", entry.text())
        .put("from", personal ? entry.personal() : "");
  }

  /** What the API would answer to the player; the request is answered by the route of the path. */
  private static Future<Response> viewAs(ApiRequest request) {
    PlayerId player = user(request);
    String path = request.input().textOrEmpty("path");
    if (!ViewAs.isViewable(path)) {
      throw Refused.invalid("path", "is not a path of the API of players");
    }
    return request
        .ask(new ConsoleCommand.RequireRank(player))
        .map(_ -> Response.forward(() -> ViewAs.reroute(request.context(), player, path)));
  }

  private Future<Response> connections(ApiRequest request) {
    return request
        .ask(new SocketQuery.ListSockets(user(request)))
        .map(
            page -> {
              var data = new JsonArray();
              page.sockets().forEach(socket -> data.add(view(socket)));
              return Response.ok(
                  JsonObject.of(
                      "data",
                      data,
                      "meta",
                      JsonObject.of("silent_nodes", new JsonArray(page.silent()))));
            });
  }

  private static JsonObject view(SocketQuery.NodeSocket of) {
    return new JsonObject()
        .put("id", of.socket().id())
        .put("node", of.node())
        .put("path", of.socket().path())
        .put("topics", new JsonArray(of.socket().topics()))
        .put("queued_bytes", of.socket().queuedBytes());
  }

  private Future<Response> disconnect(ApiRequest request) {
    var in = request.input();
    return request
        .ask(
            new SocketQuery.CloseSocket(
                user(request), in.textOrEmpty("node"), in.id("connection_id")))
        .map(Response::empty);
  }

  private Future<Response> notes(ApiRequest request) {
    int limit = limit(request);
    return request
        .ask(new NoteCommand.ListNotes(user(request), request.input().number("after"), limit + 1))
        .map(
            notes -> {
              boolean more = notes.size() > limit;
              List<PlayerNote> shown = more ? notes.subList(0, limit) : notes;
              var data = new JsonArray();
              shown.forEach(note -> data.add(view(note)));
              String next = more ? Long.toString(shown.getLast().id()) : "";
              return Response.ok(JsonObject.of("data", data, "meta", JsonObject.of("next", next)));
            });
  }

  private static JsonObject view(PlayerNote note) {
    return new JsonObject()
        .put("id", note.id())
        .put("user_id", note.player().value())
        .put("author_id", note.author().value())
        .put("content", note.text())
        .put("created_at", Views.time(note.createdMs()));
  }

  private Future<Response> add(ApiRequest request) {
    return request
        .ask(
            new NoteCommand.Add(
                user(request),
                request.player(),
                request.input().textOrEmpty("content").strip(),
                request.idempotencyKey()))
        .map(note -> Response.created(JsonObject.of("data", view(note))));
  }

  private Future<Response> delete(ApiRequest request) {
    return request
        .ask(new NoteCommand.Delete(user(request), request.input().id("note_id")))
        .map(Response::empty);
  }
}

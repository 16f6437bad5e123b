package dev.rookery.protocol.openturn;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.edge.RequestBodyHandler;
import dev.rookery.match.MatchCommand;
import dev.rookery.match.RoomInfo;
import dev.rookery.match.SaveCommand;
import dev.rookery.match.SaveCommand.StoredSave;
import dev.rookery.session.Session;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** Saved games over HTTP (openturn contract, 6.7). */
final class SaveRoutes {
  private static final String SAVES = "/api/dev/saves";
  private static final String SAVE = SAVES + "/:id";
  private static final String SAVE_ID = "saveID";

  private final Bus bus;
  private final SaveFiles files;
  private final RoomInvitations invitations;

  SaveRoutes(Bus bus, SaveFiles files, RoomInvitations invitations) {
    this.bus = bus;
    this.files = files;
    this.invitations = invitations;
  }

  void mount(PlayerRoutes routes) {
    routes.post("/api/dev/rooms/:id/save", 201, this::save);
    routes.json(HttpMethod.POST, SAVES, 201, SaveCommand.BYTES_MAX, this::upload);
    routes.json(
        HttpMethod.POST, "/api/dev/local/saves", 201, SaveCommand.BYTES_MAX, this::saveLocal);
    routes.mount(HttpMethod.GET, SAVE, RequestBodyHandler.BYTES_MAX, this::download);
    routes.get(SAVE + "/decoded", this::decoded);
    routes.post(SAVE + "/new-room", 201, this::openRoom);
  }

  private static Future<JsonObject> refuse(Refusal refusal) {
    return Future.failedFuture(new Refused(refusal));
  }

  private static JsonObject saved(String id) {
    return JsonObject.of(SAVE_ID, id, "downloadURL", SaveFiles.url(id));
  }

  private Future<JsonObject> save(RoutingContext context, Session session) {
    return invitations
        .find(context)
        .recover(
            cause ->
                cause instanceof Refused refused && refused.refusal() instanceof Refusal.Missing
                    ? Future.failedFuture(Refused.missing("room_not_running"))
                    : Future.failedFuture(cause))
        .compose(room -> save(room, session));
  }

  private Future<JsonObject> save(RoomInfo room, Session session) {
    String user = MatchCommand.user(session.player());
    return RoomInvitations.seat(room, session)
        .compose(player -> files.save(room.room(), user, player))
        .map(SaveRoutes::saved)
        .recover(
            cause ->
                cause instanceof Refused refused
                        && refused.refusal().code().equals("room_not_started")
                    ? refuse(new Refusal.Missing("room_not_running"))
                    : Future.failedFuture(cause));
  }

  private Future<JsonObject> upload(RoutingContext context, Session session) {
    byte[] content = RequestBodies.bytes(context);
    if (content.length == 0) {
      return refuse(new Refusal.Conflict("empty_body"));
    }
    return files
        .upload(MatchCommand.user(session.player()), content)
        .map(id -> JsonObject.of(SAVE_ID, id));
  }

  private Future<JsonObject> saveLocal(RoutingContext context, Session session) {
    JsonObject body = RequestBodies.object(context);
    if (body == null) {
      return refuse(new Refusal.Conflict("invalid_json"));
    }
    boolean complete =
        body.getValue("branch") instanceof JsonObject
            && body.getValue("checkpoint") instanceof JsonObject
            && body.getValue("initialNow") instanceof Number
            && body.getValue("match") instanceof JsonObject match
            && match.getValue("players") instanceof JsonArray
            && body.getValue("revision") instanceof Number
            && body.getValue("seed") instanceof String;
    if (!complete) {
      return refuse(new Refusal.Conflict("invalid_body"));
    }
    String gameKey = body.getValue("gameKey") instanceof String key ? key : null;
    return bus.ask(new MatchCommand.DescribeGame(gameKey))
        .compose(game -> files.saveLocal(game, MatchCommand.user(session.player()), body))
        .map(SaveRoutes::saved);
  }

  private Future<StoredSave> find(RoutingContext context) {
    String id = context.pathParam("id");
    return !RequestTokens.isId(id)
        ? Future.failedFuture(Refused.missing("unknown_save"))
        : bus.ask(new SaveCommand.Read(id));
  }

  private void download(RoutingContext context, Session session) {
    find(context)
        .onSuccess(save -> Responses.download(context, save.id() + ".otsave", save.content()))
        .onFailure(cause -> Responses.fail(context, cause));
  }

  /** For admins: a save has what its players hide from each other, and the seed. */
  private Future<JsonObject> decoded(RoutingContext context, Session session) {
    return session.admin()
        ? find(context).compose(save -> files.decode(save.content(), save.gameVersion()))
        : refuse(new Refusal.Denied("forbidden"));
  }

  private Future<JsonObject> openRoom(RoutingContext context, Session session) {
    String user = MatchCommand.user(session.player());
    return find(context)
        .compose(save -> files.match(save.content(), save.gameVersion()))
        .compose(match -> bus.ask(new SaveCommand.OpenRoom(user, match)))
        .compose(room -> invitations.invite(context, session, room));
  }
}

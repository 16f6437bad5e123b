package dev.rookery.protocol.gamend;

import dev.rookery.bus.Bus;
import dev.rookery.chat.PersonalMuteCommand;
import dev.rookery.notification.PersonalMute;
import dev.rookery.notification.PersonalMute.Kind;
import dev.rookery.notification.PersonalMute.Subject;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/** What players mute for themselves. */
final class MuteRoutes {
  private static final String TYPE = "type";

  private final Bus bus;

  MuteRoutes(Bus bus) {
    this.bus = bus;
  }

  void register(Map<String, Endpoint.Route> routes) {
    routes.put("list_mutes", this::list);
    routes.put("mute", this::mute);
    routes.put("unmute", this::unmute);
  }

  private Future<Response> list(ApiRequest request) {
    return bus.ask(new PersonalMuteCommand.ListMutes(request.player()))
        .map(
            mutes ->
                Response.ok(
                    JsonObject.of(
                        "data", new JsonArray(mutes.stream().map(MuteRoutes::view).toList()))));
  }

  private Future<Response> mute(ApiRequest request) {
    return bus.ask(
            new PersonalMuteCommand.Mute(
                request.player(), subject(request), request.input().number("until")))
        .map(mute -> Response.ok(JsonObject.of("data", view(mute))));
  }

  private Future<Response> unmute(ApiRequest request) {
    return bus.ask(new PersonalMuteCommand.Unmute(request.player(), subject(request)))
        .map(Response::empty);
  }

  private static Subject subject(ApiRequest request) {
    Kind kind =
        switch (request.input().textOrEmpty(TYPE)) {
          case "user" -> Kind.PLAYER;
          case "friend" -> Kind.DIRECT;
          case "group" -> Kind.GROUP;
          case "party" -> Kind.PARTY;
          default -> Kind.LOBBY;
        };
    return new Subject(kind, request.input().id("id"));
  }

  private static String type(Kind kind) {
    return switch (kind) {
      case PLAYER -> "user";
      case DIRECT -> "friend";
      case GROUP -> "group";
      case PARTY -> "party";
      case LOBBY -> "lobby";
    };
  }

  private static JsonObject view(PersonalMute mute) {
    boolean ends = mute.untilMs() != PersonalMute.FOR_EVER;
    return new JsonObject()
        .put(TYPE, type(mute.subject().kind()))
        .put("id", mute.subject().id())
        .put("name", mute.name())
        .put("until", ends ? Views.time(mute.untilMs()) : null)
        .put("inserted_at", Views.time(mute.createdMs()));
  }
}

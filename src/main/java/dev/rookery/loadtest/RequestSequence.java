package dev.rookery.loadtest;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** What one connection does over and over, with requests alone. */
interface RequestSequence {
  /** Done once, before anything is measured. */
  Future<Void> prepare();

  /** One or more requests, one after the other. */
  Future<Void> once();

  /** Signs in with a device and answers the access token. */
  static Future<String> signIn(ApiClient caller, String device) {
    return caller
        .call(HttpMethod.POST, "/api/v1/login/device", null, JsonObject.of("device_id", device))
        .map(answer -> answer.getJsonObject("data").getString("access_token"));
  }

  /** Each round is a device nobody has seen. */
  final class FirstLogin implements RequestSequence {
    private final ApiClient caller;
    private final String name;
    private long count;

    FirstLogin(ApiClient caller, String name) {
      this.caller = caller;
      this.name = name;
    }

    @Override
    public Future<Void> prepare() {
      return Future.succeededFuture();
    }

    @Override
    public Future<Void> once() {
      return signIn(caller, name + "-" + count++).mapEmpty();
    }
  }

  /** The same device signs in again and again; sixteen devices for each connection. */
  final class ReturningLogin implements RequestSequence {
    private static final int DEVICES = 16;
    private final ApiClient caller;
    private final String name;
    private long count;

    ReturningLogin(ApiClient caller, String name) {
      this.caller = caller;
      this.name = name;
    }

    @Override
    public Future<Void> prepare() {
      Future<Void> all = Future.succeededFuture();
      for (int i = 0; i < DEVICES; i++) {
        int device = i;
        all = all.compose(_ -> signIn(caller, name + "-" + device).mapEmpty());
      }
      return all;
    }

    @Override
    public Future<Void> once() {
      return signIn(caller, name + "-" + count++ % DEVICES).mapEmpty();
    }
  }

  /** Reads the own profile. */
  final class ReadProfile implements RequestSequence {
    private final ApiClient caller;
    private final String name;
    private String token = "";

    ReadProfile(ApiClient caller, String name) {
      this.caller = caller;
      this.name = name;
    }

    @Override
    public Future<Void> prepare() {
      return signIn(caller, name).onSuccess(fresh -> token = fresh).mapEmpty();
    }

    @Override
    public Future<Void> once() {
      return caller.call(HttpMethod.GET, "/api/v1/me", token, null).mapEmpty();
    }
  }

  /** A host opens a lobby, three join, all leave: eight commands a round. */
  final class LobbyLifecycle implements RequestSequence {
    private static final int PLAYERS = 4;
    private final ApiClient caller;
    private final String name;
    private final List<String> tokens = new ArrayList<>();

    LobbyLifecycle(ApiClient caller, String name) {
      this.caller = caller;
      this.name = name;
    }

    @Override
    public Future<Void> prepare() {
      Future<Void> all = Future.succeededFuture();
      for (int i = 0; i < PLAYERS; i++) {
        int player = i;
        all =
            all.compose(_ -> signIn(caller, name + "-" + player).onSuccess(tokens::add).mapEmpty());
      }
      return all;
    }

    @Override
    public Future<Void> once() {
      return caller
          .call(
              HttpMethod.POST,
              "/api/v1/lobbies",
              tokens.getFirst(),
              JsonObject.of("title", name, "max_users", PLAYERS))
          .compose(
              lobby -> {
                String join = "/api/v1/lobbies/" + lobby.getLong("id") + "/join";
                Future<JsonObject> rest = Future.succeededFuture(lobby);
                for (String token : tokens.subList(1, PLAYERS)) {
                  rest = rest.compose(_ -> caller.call(HttpMethod.POST, join, token, null));
                }
                for (String token : tokens) {
                  rest =
                      rest.compose(
                          _ -> caller.call(HttpMethod.POST, "/api/v1/lobbies/leave", token, null));
                }
                return rest.mapEmpty();
              });
    }
  }

  /** One member of a lobby sends a message a round. */
  final class SendChatMessage implements RequestSequence {
    private final ApiClient caller;
    private final String name;
    private String token = "";
    private JsonObject message = new JsonObject();

    SendChatMessage(ApiClient caller, String name) {
      this.caller = caller;
      this.name = name;
    }

    @Override
    public Future<Void> prepare() {
      return signIn(caller, name)
          .compose(
              fresh -> {
                token = fresh;
                return caller.call(
                    HttpMethod.POST, "/api/v1/lobbies", token, JsonObject.of("title", name));
              })
          .onSuccess(
              lobby ->
                  message =
                      JsonObject.of(
                          "chat_type", "lobby",
                          "chat_ref_id", lobby.getLong("id"),
                          "content", "x".repeat(64)))
          .mapEmpty();
    }

    @Override
    public Future<Void> once() {
      return caller.call(HttpMethod.POST, "/api/v1/chat/messages", token, message).mapEmpty();
    }
  }
}

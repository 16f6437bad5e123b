package dev.rookery.loadtest;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** A sequence of HTTP requests that one connection repeats. */
interface RequestSequence {
  /** Prepares it once, before the measurement. */
  Future<Void> prepare();

  /** Runs the sequence once: one or more requests, one after another. */
  Future<Void> runOnce();

  /** Signs in with a device and returns the access token. */
  static Future<String> signIn(ApiClient client, String device) {
    return client
        .call(HttpMethod.POST, "/api/v1/login/device", null, JsonObject.of("device_id", device))
        .map(answer -> answer.getJsonObject("data").getString("access_token"));
  }

  /** Signs in with a new device each time. */
  final class FirstLogin implements RequestSequence {
    private final ApiClient client;
    private final String name;
    private long count;

    FirstLogin(ApiClient client, String name) {
      this.client = client;
      this.name = name;
    }

    @Override
    public Future<Void> prepare() {
      return Future.succeededFuture();
    }

    @Override
    public Future<Void> runOnce() {
      return signIn(client, name + "-" + count++).mapEmpty();
    }
  }

  /** Signs in with known devices again and again; sixteen devices for each connection. */
  final class ReturningLogin implements RequestSequence {
    private static final int DEVICES = 16;
    private final ApiClient client;
    private final String name;
    private long count;

    ReturningLogin(ApiClient client, String name) {
      this.client = client;
      this.name = name;
    }

    @Override
    public Future<Void> prepare() {
      Future<Void> all = Future.succeededFuture();
      for (int i = 0; i < DEVICES; i++) {
        int device = i;
        all = all.compose(_ -> signIn(client, name + "-" + device).mapEmpty());
      }
      return all;
    }

    @Override
    public Future<Void> runOnce() {
      return signIn(client, name + "-" + count++ % DEVICES).mapEmpty();
    }
  }

  /** Reads the player's own profile. */
  final class ReadProfile implements RequestSequence {
    private final ApiClient client;
    private final String name;
    private String token = "";

    ReadProfile(ApiClient client, String name) {
      this.client = client;
      this.name = name;
    }

    @Override
    public Future<Void> prepare() {
      return signIn(client, name).onSuccess(newToken -> token = newToken).mapEmpty();
    }

    @Override
    public Future<Void> runOnce() {
      return client.call(HttpMethod.GET, "/api/v1/me", token, null).mapEmpty();
    }
  }

  /** A host creates a lobby, three players join, all leave: eight commands. */
  final class LobbyLifecycle implements RequestSequence {
    private static final int PLAYERS = 4;
    private final ApiClient client;
    private final String name;
    private final List<String> tokens = new ArrayList<>();

    LobbyLifecycle(ApiClient client, String name) {
      this.client = client;
      this.name = name;
    }

    @Override
    public Future<Void> prepare() {
      Future<Void> all = Future.succeededFuture();
      for (int i = 0; i < PLAYERS; i++) {
        int player = i;
        all =
            all.compose(_ -> signIn(client, name + "-" + player).onSuccess(tokens::add).mapEmpty());
      }
      return all;
    }

    @Override
    public Future<Void> runOnce() {
      return client
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
                  rest = rest.compose(_ -> client.call(HttpMethod.POST, join, token, null));
                }
                for (String token : tokens) {
                  rest =
                      rest.compose(
                          _ -> client.call(HttpMethod.POST, "/api/v1/lobbies/leave", token, null));
                }
                return rest.mapEmpty();
              });
    }
  }

  /**
   * A leader creates a party, invites three friends, who accept; one leaves, and the leader
   * disbands the party: nine commands.
   */
  final class PartyLifecycle implements RequestSequence {
    private static final String PARTIES = "/api/v1/parties";
    private static final int PLAYERS = 4;
    private final ApiClient client;
    private final String name;
    private final List<String> tokens = new ArrayList<>();
    private final List<Long> ids = new ArrayList<>();

    PartyLifecycle(ApiClient client, String name) {
      this.client = client;
      this.name = name;
    }

    @Override
    public Future<Void> prepare() {
      Future<Void> all = Future.succeededFuture();
      for (int i = 0; i < PLAYERS; i++) {
        int player = i;
        all = all.compose(_ -> signIn(client, name + "-" + player).compose(this::add));
      }
      for (int i = 1; i < PLAYERS; i++) {
        int player = i;
        all = all.compose(_ -> befriend(0, player)).compose(_ -> befriend(player, 0));
      }
      return all;
    }

    private Future<Void> add(String token) {
      tokens.add(token);
      return client
          .call(HttpMethod.GET, "/api/v1/me", token, null)
          .onSuccess(me -> ids.add(me.getLong("id")))
          .mapEmpty();
    }

    /** Requests a friendship; the request in the other direction accepts it. */
    private Future<Void> befriend(int player, int other) {
      return post(player, "/api/v1/friends", JsonObject.of("target_user_id", ids.get(other)));
    }

    @Override
    public Future<Void> runOnce() {
      return client
          .call(HttpMethod.POST, PARTIES, tokens.getFirst(), new JsonObject())
          .compose(
              party -> {
                var answer = JsonObject.of("party_id", party.getLong("id"));
                Future<Void> rest = Future.succeededFuture();
                for (int i = 1; i < PLAYERS; i++) {
                  var invite = JsonObject.of("target_user_id", ids.get(i));
                  rest = rest.compose(_ -> post(0, PARTIES + "/invite", invite));
                }
                for (int i = 1; i < PLAYERS; i++) {
                  int player = i;
                  rest = rest.compose(_ -> post(player, PARTIES + "/invite/accept", answer));
                }
                return rest.compose(_ -> leave(1)).compose(_ -> leave(0));
              });
    }

    private Future<Void> leave(int player) {
      return post(player, PARTIES + "/leave", new JsonObject());
    }

    private Future<Void> post(int player, String path, JsonObject body) {
      return client.call(HttpMethod.POST, path, tokens.get(player), body).mapEmpty();
    }
  }

  /**
   * A player requests a friendship, the other one finds the request, accepts it, and ends the
   * friendship again: four requests, three of which change something.
   */
  final class FriendshipLifecycle implements RequestSequence {
    private final ApiClient client;
    private final String name;
    private String requester = "";
    private String target = "";
    private long targetId;

    FriendshipLifecycle(ApiClient client, String name) {
      this.client = client;
      this.name = name;
    }

    @Override
    public Future<Void> prepare() {
      return signIn(client, name + "-a")
          .onSuccess(token -> requester = token)
          .compose(_ -> signIn(client, name + "-b"))
          .onSuccess(token -> target = token)
          .compose(_ -> client.call(HttpMethod.GET, "/api/v1/me", target, null))
          .onSuccess(me -> targetId = me.getLong("id"))
          .mapEmpty();
    }

    @Override
    public Future<Void> runOnce() {
      return client
          .call(
              HttpMethod.POST,
              "/api/v1/friends",
              requester,
              JsonObject.of("target_user_id", targetId))
          .compose(_ -> client.call(HttpMethod.GET, "/api/v1/me/friend-requests", target, null))
          .compose(
              requests -> {
                String friendship =
                    "/api/v1/friends/"
                        + requests.getJsonArray("incoming").getJsonObject(0).getLong("id");
                return client
                    .call(HttpMethod.POST, friendship + "/accept", target, null)
                    .compose(_ -> client.call(HttpMethod.DELETE, friendship, target, null));
              })
          .mapEmpty();
    }
  }

  /**
   * A player requests a friendship, and the other one accepts it with a request of their own: two
   * commands. Each pair of a hundred players is used once.
   */
  final class MakeFriends implements RequestSequence {
    private static final int PLAYERS = 100;
    private final ApiClient client;
    private final String name;
    private final List<String> tokens = new ArrayList<>();
    private final List<Long> ids = new ArrayList<>();
    private int player = 1;
    private int other;

    MakeFriends(ApiClient client, String name) {
      this.client = client;
      this.name = name;
    }

    @Override
    public Future<Void> prepare() {
      Future<Void> all = Future.succeededFuture();
      for (int i = 0; i < PLAYERS; i++) {
        String device = name + "-friend-" + i;
        all = all.compose(_ -> signIn(client, device)).compose(this::add);
      }
      return all;
    }

    private Future<Void> add(String token) {
      tokens.add(token);
      return client
          .call(HttpMethod.GET, "/api/v1/me", token, null)
          .onSuccess(me -> ids.add(me.getLong("id")))
          .mapEmpty();
    }

    @Override
    public Future<Void> runOnce() {
      if (player == PLAYERS) {
        return Future.failedFuture("all players are friends; let it run for a shorter time");
      }
      int one = player;
      int two = other;
      if (++other == player) {
        other = 0;
        player++;
      }
      return request(one, two).compose(_ -> request(two, one));
    }

    private Future<Void> request(int by, int target) {
      return client
          .call(
              HttpMethod.POST,
              "/api/v1/friends",
              tokens.get(by),
              JsonObject.of("target_user_id", ids.get(target)))
          .mapEmpty();
    }
  }

  /** The host of a lobby sends a message. */
  final class SendChatMessage implements RequestSequence {
    private final ApiClient client;
    private final String name;
    private String token = "";
    private JsonObject message = new JsonObject();

    SendChatMessage(ApiClient client, String name) {
      this.client = client;
      this.name = name;
    }

    @Override
    public Future<Void> prepare() {
      return signIn(client, name)
          .compose(
              newToken -> {
                token = newToken;
                return client.call(
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
    public Future<Void> runOnce() {
      return client.call(HttpMethod.POST, "/api/v1/chat/messages", token, message).mapEmpty();
    }
  }
}

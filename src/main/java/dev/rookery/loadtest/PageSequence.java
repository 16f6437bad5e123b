package dev.rookery.loadtest;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;

/**
 * Reads one page again and again: what games ask for when they show a menu. What it shows is made
 * first.
 */
final class PageSequence implements RequestSequence {
  private static final int LOBBIES = 8;
  private static final int BOARDS = 200;
  private static final int MESSAGES = 50;
  private static final String BOARDS_PATH = "/api/v1/leaderboards";
  private static final String ADMIN_BOARDS = "/api/v1/admin/leaderboards";

  private final ApiClient client;
  private final String name;
  private final Content content;
  private String token = "";
  private String path = "";

  /** Makes what the page shows, and returns its path. */
  @FunctionalInterface
  private interface Content {
    Future<String> make(PageSequence sequence);
  }

  private PageSequence(ApiClient client, String name, Content content) {
    this.client = client;
    this.name = name;
    this.content = content;
  }

  /** The public profile of a player. */
  static RequestSequence profile(ApiClient client, String name) {
    return new PageSequence(client, name, PageSequence::findProfile);
  }

  /** The first page of the open lobbies; each connection opens eight. */
  static RequestSequence lobbies(ApiClient client, String name) {
    return new PageSequence(client, name, PageSequence::openLobbies);
  }

  /** The first page of the boards, of which the first connection creates 200. */
  static BiFunction<ApiClient, String, RequestSequence> boards() {
    var created = new AtomicBoolean();
    return (client, name) ->
        new PageSequence(
            client,
            name,
            sequence ->
                created.getAndSet(true)
                    ? Future.succeededFuture(BOARDS_PATH)
                    : sequence.createBoards());
  }

  /** The newest messages of a lobby's chat, one with fifty messages for each connection. */
  static RequestSequence messages(ApiClient client, String name) {
    return new PageSequence(client, name, PageSequence::sendMessages);
  }

  @Override
  public Future<Void> prepare() {
    return RequestSequence.signIn(client, name)
        .onSuccess(signedIn -> token = signedIn)
        .compose(_ -> content.make(this))
        .onSuccess(found -> path = found)
        .mapEmpty();
  }

  @Override
  public Future<Void> runOnce() {
    return client.call(HttpMethod.GET, path, token, null).mapEmpty();
  }

  private Future<String> findProfile() {
    return client.get("/api/v1/me", token).map(me -> "/api/v1/users/" + me.getLong("id"));
  }

  private Future<String> openLobbies() {
    Future<JsonObject> all = Future.succeededFuture();
    for (int i = 0; i < LOBBIES; i++) {
      int host = i;
      all =
          all.compose(_ -> RequestSequence.signIn(client, name + "-" + host))
              .compose(of -> client.post("/api/v1/lobbies", of, JsonObject.of("title", name)));
    }
    return all.map(_ -> "/api/v1/lobbies");
  }

  private Future<String> createBoards() {
    return RequestSequence.signIn(client, LeaderboardScenario.ADMIN_DEVICE)
        .compose(
            admin -> {
              Future<JsonObject> all = Future.succeededFuture();
              for (int i = 0; i < BOARDS; i++) {
                String slug = "page_" + Integer.toHexString(name.hashCode()) + "_" + i;
                var board = JsonObject.of("slug", slug, "title", name);
                all = all.compose(_ -> client.post(ADMIN_BOARDS, admin, board));
              }
              return all;
            })
        .map(_ -> BOARDS_PATH);
  }

  private Future<String> sendMessages() {
    return client
        .post("/api/v1/lobbies", token, JsonObject.of("title", name))
        .compose(
            lobby -> {
              long id = lobby.getLong("id");
              Future<JsonObject> all = Future.succeededFuture();
              for (int i = 0; i < MESSAGES; i++) {
                var message =
                    JsonObject.of(
                        "chat_type", "lobby", "chat_ref_id", id, "content", "message " + i);
                all = all.compose(_ -> client.post("/api/v1/chat/messages", token, message));
              }
              return all.map(_ -> "/api/v1/chat/messages?chat_type=lobby&chat_ref_id=" + id);
            });
  }
}

package dev.rookery.loadtest;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.IntFunction;

/** A lobby whose members are all connected to it. */
final class ChatLobby {
  private ChatLobby() {}

  /**
   * Opens a lobby with these members, the first of whom is its host.
   *
   * @param listeners what each member's socket receives
   * @return the id of the lobby
   */
  static Future<Long> open(
      ScenarioContext context,
      List<LoadTestUser> users,
      IntFunction<ClientSocket.Listener> listeners) {
    LoadTestUser owner = users.getFirst();
    return context
        .client(owner.node())
        .post(
            "/api/v1/lobbies",
            owner.token(),
            JsonObject.of("title", "load", "max_users", users.size()))
        .compose(
            created -> {
              long lobby = created.getLong("id");
              return join(context, users.subList(1, users.size()), lobby)
                  .compose(
                      _ ->
                          BoundedConcurrency.join(
                              context, users, 1, _ -> "lobby:" + lobby, listeners))
                  .map(lobby);
            });
  }

  private static Future<List<JsonObject>> join(
      ScenarioContext context, List<LoadTestUser> guests, long lobby) {
    String path = "/api/v1/lobbies/" + lobby + "/join";
    return BoundedConcurrency.forEach(
        guests.size(),
        1,
        i ->
            context
                .client(guests.get(i).node())
                .post(path, guests.get(i).token(), new JsonObject()));
  }

  /** Sends a message of a member to the lobby; completes when it is acknowledged. */
  static Future<Void> send(
      ScenarioContext context, LoadTestUser member, long lobby, String content) {
    return context
        .client(member.node())
        .post(
            "/api/v1/chat/messages",
            member.token(),
            JsonObject.of("chat_type", "lobby", "chat_ref_id", lobby, "content", content))
        .mapEmpty();
  }
}

package dev.rookery.match;

import dev.rookery.testkit.RestPlayer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A player who searches for a match on the channels of one node. */
final class MatchSearcher implements AutoCloseable {
  private static final int WAITED_SECONDS_MAX = 120;

  private final BlockingQueue<JsonArray> received = new LinkedBlockingQueue<>();
  private final Deque<JsonArray> unclaimed = new ArrayDeque<>();
  private final RestPlayer player;
  private final WebSocket socket;

  MatchSearcher(HttpClient client, URI node, RestPlayer player) {
    this.player = player;
    URI channels =
        URI.create(
            node.toString().replaceFirst("^http", "ws")
                + "/socket/websocket?vsn=2.0.0&token="
                + player.token());
    this.socket = client.newWebSocketBuilder().buildAsync(channels, new Listener()).join();
  }

  private final class Listener implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        received.add(new JsonArray(text.toString()));
        text.setLength(0);
      }
      from.request(1);
      return null;
    }
  }

  long id() {
    return player.id();
  }

  private void send(String ref, String event, JsonObject payload) {
    String topic = "user:" + player.id();
    socket.sendText(JsonArray.of("1", ref, topic, event, payload).encode(), true).join();
  }

  /** The payload of the next message of an event; the others stay for later. */
  private JsonObject await(String event) throws InterruptedException {
    for (JsonArray earlier : unclaimed) {
      if (earlier.getString(3).equals(event)) {
        unclaimed.remove(earlier);
        return earlier.getJsonObject(4);
      }
    }
    while (true) {
      JsonArray message = received.poll(WAITED_SECONDS_MAX, TimeUnit.SECONDS);
      if (message == null) {
        throw new AssertionError("player " + player.id() + " waits for " + event);
      }
      if (message.getString(3).equals(event)) {
        return message.getJsonObject(4);
      }
      unclaimed.add(message);
    }
  }

  void join() throws InterruptedException {
    send("1", "phx_join", new JsonObject());
    await("updated");
  }

  /** Searches for one other player. */
  void search(String region) throws InterruptedException {
    send("2", "find_match", JsonObject.of("mode", "duel", "region", region));
    while (true) {
      JsonObject reply = await("phx_reply");
      if (reply.getJsonObject("response").containsKey("ticket_id")) {
        return;
      }
    }
  }

  /** The room of the match. */
  JsonObject found() throws InterruptedException {
    return await("match_found").getJsonObject("room");
  }

  @Override
  public void close() {
    socket.abort();
  }
}

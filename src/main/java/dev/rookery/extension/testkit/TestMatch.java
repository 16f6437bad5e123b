package dev.rookery.extension.testkit;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A match of a turn-based game, with all its players. They take their seats in the order in which
 * they are given, so the first one is the host and the player of the first seat. Each call waits
 * for at most 60 seconds. For one thread.
 */
public final class TestMatch implements AutoCloseable {
  private static final long WAIT_SECONDS = 60;

  private final HttpClient client = HttpClient.newHttpClient();
  private final List<Seat> seats = new ArrayList<>();
  private final String room;
  private int actions;

  /** A player with their socket. */
  private final class Seat implements AutoCloseable {
    private final BlockingQueue<JsonObject> messages = new LinkedBlockingQueue<>();
    private String playerID = "";
    private @Nullable WebSocket socket;
    private @Nullable JsonObject snapshot;

    void connect(String url, String token) {
      var parts = new StringBuilder();
      var listener =
          new WebSocket.Listener() {
            @Override
            public @Nullable CompletionStage<?> onText(
                WebSocket from, CharSequence text, boolean last) {
              parts.append(text);
              if (last) {
                messages.add(new JsonObject(parts.toString()));
                parts.setLength(0);
              }
              from.request(1);
              return null;
            }
          };
      messages.clear();
      String address = url.contains("?") ? url : url + "?token=" + token;
      socket = await(client.newWebSocketBuilder().buildAsync(URI.create(address), listener));
    }

    void send(JsonObject message) {
      WebSocket open = socket;
      if (open == null) {
        throw new IllegalStateException("the player is not connected");
      }
      await(open.sendText(message.encode(), true));
    }

    JsonObject receive(Predicate<JsonObject> wanted) {
      try {
        while (true) {
          JsonObject message = messages.poll(WAIT_SECONDS, TimeUnit.SECONDS);
          if (message == null) {
            throw new IllegalStateException("nothing came within " + WAIT_SECONDS + " seconds");
          }
          if (message.getString("type") == null) {
            snapshot = message;
          } else if (message.getString("type").equals("batch_applied")) {
            snapshot = message.getJsonObject("snapshot");
          }
          if (wanted.test(message)) {
            return message;
          }
        }
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", interrupted);
      }
    }

    @Override
    public void close() {
      WebSocket open = socket;
      if (open != null) {
        open.abort();
      }
    }
  }

  private TestMatch(String room) {
    this.room = room;
  }

  /**
   * Opens a room of a game, seats the players and starts the match.
   *
   * @throws CallFailedException if the server refuses to open the room
   */
  public static TestMatch start(String gameKey, TestPlayer... players) {
    TestResponse opened = players[0].post("/api/dev/rooms", JsonObject.of("gameKey", gameKey));
    require(opened, 201, "opening a room of " + gameKey);
    var match = new TestMatch(opened.json().getString("roomID"));
    for (int index = 0; index < players.length; index++) {
      match.sit(players[index], index);
    }
    Seat host = match.seats.getFirst();
    host.receive(message -> message.getBoolean("canStart", false));
    host.send(JsonObject.of("type", "lobby:start"));
    for (Seat seat : match.seats) {
      JsonObject start = seat.receive(is("lobby:transition_to_game"));
      seat.playerID = start.getString("playerID");
      seat.close();
      seat.connect(start.getString("websocketURL"), start.getString("roomToken"));
      seat.receive(message -> message.getString("type") == null);
    }
    return match;
  }

  private void sit(TestPlayer player, int index) {
    TestResponse answer = player.post("/api/dev/rooms/" + room + "/lobby-token", new JsonObject());
    require(answer, 200, "joining a room");
    var seat = new Seat();
    seats.add(seat);
    seat.connect(answer.json().getString("websocketURL"), answer.json().getString("token"));
    seat.send(JsonObject.of("type", "lobby:take_seat", "seatIndex", index));
    seat.send(JsonObject.of("type", "lobby:set_ready", "ready", true));
  }

  private static void require(TestResponse answer, int status, String what) {
    if (answer.status() != status) {
      throw new CallFailedException(
          answer.text().startsWith("{") ? answer.json().getString("error", "") : "",
          what + " was answered with " + answer.status() + " " + answer.text());
    }
  }

  private static Predicate<JsonObject> is(String type) {
    return message -> type.equals(message.getString("type"));
  }

  /** The id of the room. */
  public String room() {
    return room;
  }

  /**
   * Makes a move, and waits until all players have seen what became of it.
   *
   * @param seat of the player, from 0
   * @param payload a JSON value
   * @throws CallFailedException if the move is rejected, with the game's own reason as its code
   */
  public void act(int seat, String move, @Nullable Object payload) {
    Seat acting = seats.get(seat);
    String id = "test_" + ++actions;
    acting.send(
        new JsonObject()
            .put("type", "action")
            .put("matchID", room)
            .put("playerID", acting.playerID)
            .put("event", move)
            .put("payload", payload)
            .put("clientActionID", id));
    JsonObject answer =
        acting.receive(
            message ->
                id.equals(message.getString("ackClientActionID"))
                    || id.equals(message.getString("clientActionID")));
    if (is("action_rejected").test(answer)) {
      String error = answer.getString("error");
      throw new CallFailedException(
          answer.getString("reason", error), move + " was rejected: " + answer.encode());
    }
    long revision = answer.getLong("revision");
    for (Seat other : seats) {
      if (other != acting) {
        other.receive(
            message ->
                is("batch_applied").test(message) && message.getLong("revision") >= revision);
      }
    }
  }

  /** What a player sees now. */
  public JsonObject view(int seat) {
    return snapshot(seat).getJsonObject("G");
  }

  /** The result of the match; null before its end. */
  public @Nullable JsonObject result() {
    return snapshot(0).getJsonObject("result");
  }

  /** Whether it is a player's turn. */
  public boolean isTurnOf(int seat) {
    return snapshot(seat)
        .getJsonObject("derived")
        .getJsonArray("activePlayers")
        .contains(seats.get(seat).playerID);
  }

  private JsonObject snapshot(int seat) {
    JsonObject snapshot = seats.get(seat).snapshot;
    if (snapshot == null) {
      throw new IllegalStateException("the player has seen nothing yet");
    }
    return snapshot;
  }

  private static <T> T await(CompletableFuture<T> result) {
    return result.orTimeout(WAIT_SECONDS, TimeUnit.SECONDS).join();
  }

  /** Closes the sockets of all players; the match goes on. */
  @Override
  public void close() {
    seats.forEach(Seat::close);
    client.shutdownNow();
  }
}

package dev.rookery.match;

import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.RestPlayer;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A player who plays one match to its end, on a virtual thread. When the socket is closed, the
 * player connects to the next node and goes on with what the snapshot shows.
 */
final class MatchPlayer {
  private static final Duration SILENCE_MAX = Duration.ofSeconds(120);
  private static final long RETRY_MILLIS_MIN = 20;
  private static final long RETRY_MILLIS_MAX = 1_000;
  private static final String CLOSED = "closed";

  private final HttpClient client;
  private final Supplier<List<URI>> nodes;
  private final RestPlayer user;
  private final int seat;
  private final Script match;
  private final Map<String, Long> acknowledged = new ConcurrentHashMap<>();
  private int node;
  private int actions;
  private int connections;
  private volatile @Nullable JsonObject last;

  /** The match, and what the player does in it. */
  interface Script {
    String room();

    /** What the host does in the lobby beside taking a seat and getting ready. */
    default List<JsonObject> prepare() {
      return List.of();
    }

    /** Waits until an action after that revision may be sent. */
    void awaitTurn(long revision) throws InterruptedException;

    /** The {@code event} and {@code payload} of the action after a revision. */
    JsonObject action(long revision);

    void reached(long revision);
  }

  /**
   * @param node where the player connects first
   */
  MatchPlayer(
      HttpClient client,
      Supplier<List<URI>> nodes,
      RestPlayer user,
      int seat,
      int node,
      Script match) {
    this.client = client;
    this.nodes = nodes;
    this.user = user;
    this.seat = seat;
    this.node = node;
    this.match = match;
  }

  String id() {
    return Integer.toString(seat);
  }

  RestPlayer user() {
    return user;
  }

  /** The revisions of the actions that were acknowledged, by the player's own ids for them. */
  Map<String, Long> acknowledged() {
    return acknowledged;
  }

  int connections() {
    return connections;
  }

  /** What the player was shown last. */
  JsonObject last() {
    return Objects.requireNonNull(last);
  }

  /** Enters the lobby, takes the seat and, as the host, starts when both are ready. */
  String enterLobby(String token) throws InterruptedException {
    var socket = connect(token);
    socket.send(JsonObject.of("type", "lobby:take_seat", "seatIndex", seat));
    if (seat == 0) {
      match.prepare().forEach(socket::send);
    }
    socket.send(JsonObject.of("type", "lobby:set_ready", "ready", true));
    while (true) {
      JsonObject message = Objects.requireNonNull(socket.receive(), "closed in the lobby");
      if (seat == 0
          && "lobby:state".equals(message.getString("type"))
          && message.getBoolean("canStart")) {
        socket.send(JsonObject.of("type", "lobby:start"));
      } else if ("lobby:transition_to_game".equals(message.getString("type"))) {
        return message.getString("roomToken");
      }
    }
  }

  /** Plays until the match has a result. */
  void play(String token) throws InterruptedException {
    while (!isFinished()) {
      Socket socket = connect(token);
      connections++;
      boolean waiting = false;
      for (JsonObject message = socket.receive(); message != null; message = socket.receive()) {
        String type = message.getString("type");
        if (type == null) {
          see(message);
        } else if (type.equals("batch_applied")) {
          String own = message.getString("ackClientActionID");
          if (own != null) {
            acknowledged.put(own, message.getLong("revision"));
            waiting = false;
          }
          see(message.getJsonObject("snapshot"));
        } else if (type.equals("action_rejected")) {
          // An action of the connection before was carried out late.
          waiting = false;
          socket.send(JsonObject.of("type", "sync", "matchID", "m", "playerID", "p"));
        }
        if (isFinished()) {
          socket.close();
          return;
        }
        if (!waiting && isOnTurn()) {
          waiting = true;
          act(socket);
        }
      }
      node++;
    }
  }

  private void see(JsonObject snapshot) {
    last = snapshot;
    match.reached(snapshot.getLong("revision"));
  }

  private boolean isFinished() {
    JsonObject seen = last;
    return seen != null && seen.getValue("result") != null;
  }

  private boolean isOnTurn() {
    JsonObject seen = last;
    return seen != null
        && seen.getJsonObject("derived").getJsonArray("activePlayers").contains(id());
  }

  private void act(Socket socket) throws InterruptedException {
    long revision = last().getLong("revision");
    match.awaitTurn(revision);
    socket.send(
        JsonObject.of("type", "action", "matchID", "m", "playerID", "p")
            .mergeIn(match.action(revision))
            .put("clientActionID", "client_" + actions++)
            .put("baseRevision", revision));
  }

  /**
   * Tries one node after another until one accepts; less often the longer it takes, because a node
   * that starts needs the processor.
   */
  private Socket connect(String token) throws InterruptedException {
    var deadline = Eventually.Deadline.in(SILENCE_MAX);
    long waitMillis = RETRY_MILLIS_MIN;
    while (true) {
      List<URI> all = nodes.get();
      URI at = all.get(node % all.size());
      var socket = new Socket();
      try {
        socket.open(at, "/rooms/" + match.room() + "/connect?token=" + token);
        return socket;
      } catch (CompletionException refused) {
        deadline.check();
        node++;
        Eventually.pause(Duration.ofMillis(waitMillis));
        waitMillis = Math.min(2 * waitMillis, RETRY_MILLIS_MAX);
      }
    }
  }

  /** A socket whose messages wait to be received. */
  private final class Socket implements WebSocket.Listener {
    private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    private final StringBuilder text = new StringBuilder();
    private @Nullable WebSocket socket;

    void open(URI at, String path) {
      URI address = URI.create("ws" + at.toString().substring("http".length()) + path);
      socket =
          client
              .newWebSocketBuilder()
              .connectTimeout(Duration.ofMinutes(1))
              .buildAsync(address, this)
              .join();
    }

    void send(JsonObject message) {
      try {
        Objects.requireNonNull(socket).sendText(message.encode(), true).join();
      } catch (CompletionException broken) {
        messages.add(CLOSED);
      }
    }

    void close() {
      Objects.requireNonNull(socket).abort();
    }

    /** The next message; null when the socket is closed. */
    @Nullable JsonObject receive() throws InterruptedException {
      String next = messages.poll(SILENCE_MAX.toMillis(), TimeUnit.MILLISECONDS);
      if (next == null) {
        throw new AssertionError("nothing happens in " + match.room() + " after " + last);
      }
      return next.equals(CLOSED) ? null : new JsonObject(next);
    }

    @Override
    public @Nullable CompletionStage<?> onText(
        WebSocket webSocket, CharSequence data, boolean isLast) {
      text.append(data);
      if (isLast) {
        messages.add(text.toString());
        text.setLength(0);
      }
      webSocket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
      messages.add(CLOSED);
      return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
      messages.add(CLOSED);
    }
  }
}

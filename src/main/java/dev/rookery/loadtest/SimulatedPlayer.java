package dev.rookery.loadtest;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A simulated player: signs in, joins a lobby, sends messages, moves to another lobby, loses the
 * connection and comes back. Does one thing after another, and records what was acknowledged.
 */
final class SimulatedPlayer {
  private static final String LOBBIES = "/api/v1/lobbies";
  private static final int PAGE = 100;
  private static final int FORBIDDEN = 403;
  private static final int OFFLINE_MS_MAX = 1_500;
  private static final String PADDING = " " + "x".repeat(48);

  private final ScenarioContext context;
  private final Random random;
  private final RetryingApiClient api;
  private final ReconnectingSocket socket;
  private final List<Long> lobbies;
  private final boolean host;
  private final Set<String> acknowledged = new HashSet<>();
  private final Promise<Void> stopped = Promise.promise();

  private @Nullable LobbyView view;
  private boolean resting;
  private int messageCount;
  private int keyCount;

  /**
   * @param lobbies the lobbies to join; a host adds their own, and stays there
   */
  SimulatedPlayer(
      ScenarioContext context,
      NodeSelector nodes,
      Random random,
      String device,
      List<Long> lobbies,
      boolean host) {
    this.context = context;
    this.random = random;
    this.api = new RetryingApiClient(context, nodes, random, device);
    this.socket = new ReconnectingSocket(context, nodes, random, api);
    this.lobbies = lobbies;
    this.host = host;
  }

  /** Completes when the player is connected and in a lobby. */
  Future<Void> start() {
    return api.signIn()
        .compose(_ -> socket.connect())
        .compose(_ -> host ? createLobby() : joinLobby());
  }

  private Future<Void> createLobby() {
    var request = JsonObject.of("title", "load", "max_users", 128);
    return api.post(LOBBIES, request, "open-" + api.user().id())
        .compose(
            created -> {
              lobbies.add(created.getLong("id"));
              return subscribe(created.getLong("id"));
            });
  }

  private Future<Void> joinLobby() {
    long lobby = lobbies.get(random.nextInt(lobbies.size()));
    return api.post(LOBBIES + "/" + lobby + "/join", new JsonObject(), "join-" + keyCount++)
        .compose(_ -> subscribe(lobby));
  }

  private Future<Void> subscribe(long lobby) {
    var newView = new LobbyView(lobby, context.metrics());
    view = newView;
    return socket.subscribe(newView, () -> load(newView));
  }

  /**
   * Loads the history of the lobby, as a client does that could not resume. A player who has lost
   * their seat is refused it; they stay connected, and the consistency check reports the seat.
   */
  private Future<Void> load(LobbyView newView) {
    return api.get(
            "/api/v1/chat/messages?chat_type=lobby&page_size="
                + PAGE
                + "&chat_ref_id="
                + newView.lobby())
        .onSuccess(page -> newView.load(page, PAGE))
        .<Void>mapEmpty()
        .recover(
            cause ->
                cause instanceof RequestException refused && refused.status() == FORBIDDEN
                    ? Future.succeededFuture()
                    : Future.failedFuture(cause));
  }

  private void step() {
    if (resting) {
      stopped.tryComplete();
      return;
    }
    socket
        .connect()
        .compose(_ -> doAction())
        .onFailure(cause -> context.metrics().failed("player " + this + ": " + cause.getMessage()))
        .onComplete(_ -> scheduleNext());
  }

  /** Schedules the next action after a random time. */
  void scheduleNext() {
    int scheduleNext = context.number(LoadParameter.THINK_MS);
    context.millis(random.nextInt(2 * scheduleNext) + 1).onComplete(_ -> step());
  }

  private Future<Void> doAction() {
    int percent = random.nextInt(100);
    if (percent < context.number(LoadParameter.DROPS)) {
      context.metrics().dropped();
      socket.drop();
      return context.millis(random.nextInt(OFFLINE_MS_MAX) + 1);
    }
    if (!host
        && percent < context.number(LoadParameter.DROPS) + context.number(LoadParameter.MOVES)) {
      return moveToAnotherLobby();
    }
    return sendMessage(api.user().id() + " message " + messageCount++ + PADDING);
  }

  /** Sends a message; completes when it is acknowledged. */
  Future<Void> sendMessage(String content) {
    LobbyView current = view;
    if (current == null) {
      return joinLobby();
    }
    var message =
        JsonObject.of("chat_type", "lobby", "chat_ref_id", current.lobby(), "content", content);
    return api.post("/api/v1/chat/messages", message, "say-" + keyCount++)
        .onSuccess(_ -> acknowledged.add(content))
        .mapEmpty();
  }

  private Future<Void> moveToAnotherLobby() {
    socket.unsubscribe();
    view = null;
    return api.post(LOBBIES + "/leave", new JsonObject(), "leave-" + keyCount++)
        .compose(_ -> joinLobby());
  }

  /** Stops acting; the player stays connected and in a lobby, and receives messages. */
  Future<Void> rest() {
    resting = true;
    return stopped.future().compose(_ -> socket.connect());
  }

  boolean isHost() {
    return host;
  }

  RetryingApiClient api() {
    return api;
  }

  ReconnectingSocket socket() {
    return socket;
  }

  @Nullable LobbyView view() {
    return view;
  }

  /** The messages that were acknowledged. */
  Set<String> acknowledged() {
    return acknowledged;
  }

  @Override
  public String toString() {
    return Long.toString(api.user().id());
  }
}

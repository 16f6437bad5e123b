package dev.rookery.loadtest;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A player's connection to any node. It is opened again when it is lost, and resumes from the last
 * position received. A node that is silent for a while is given up, as by a client whose heartbeat
 * is not answered.
 */
final class ReconnectingSocket {
  private static final byte[] REPLY = PhoenixMessage.quoted("phx_reply");
  private static final byte[] CLOSE = PhoenixMessage.quoted("phx_close");
  private static final byte[] ERROR = PhoenixMessage.quoted("phx_error");
  private static final long REPLY_MS = 10_000;
  private static final long SILENCE_MAX_NANOS = TimeUnit.SECONDS.toNanos(6);
  private static final long HEARTBEAT_MS = 2_000;
  private static final int DELAY_MS_MIN = 50;
  private static final int DELAY_MS_FIRST = 500;
  private static final int DELAY_MS_MAX = 5_000;
  private static final long TIMEOUT_NANOS = TimeUnit.MINUTES.toNanos(3);
  private static final int SLOW = 1013;
  private static final int SESSION_ENDED = 4001;
  private static final byte[] HEARTBEAT =
      ClientFrames.text("[null,\"0\",\"phoenix\",\"heartbeat\",{}]");

  private final ScenarioContext context;
  private final NodeSelector nodes;
  private final Random random;
  private final RetryingApiClient api;
  private final StreamOrderCheck userOrder;
  private final Map<String, Promise<JsonObject>> replies = new HashMap<>();

  private @Nullable ClientSocket connection;
  private @Nullable Future<Void> connecting;
  private @Nullable LobbyView view;
  private @Nullable Supplier<Future<Void>> reload;
  private byte[] lobbyTopic = new byte[0];
  private String lobbyRef = "";
  private boolean lobbyJoined;
  private long lastReceived;

  ReconnectingSocket(
      ScenarioContext context, NodeSelector nodes, Random random, RetryingApiClient api) {
    this.context = context;
    this.nodes = nodes;
    this.random = random;
    this.api = api;
    // Some events of a player are not shown to them, or carry nothing new.
    this.userOrder = new StreamOrderCheck(context.metrics(), false);
    context.vertx().setPeriodic(HEARTBEAT_MS, this::sendHeartbeat);
  }

  boolean isReady() {
    return connection != null && connection.isOpen() && (view == null || lobbyJoined);
  }

  /** Completes when all topics are joined again; at once if they are. */
  Future<Void> connect() {
    if (isReady()) {
      return Future.succeededFuture();
    }
    Future<Void> present = connecting;
    if (present == null || present.isComplete()) {
      present = connectWithRetry(context.now() + TIMEOUT_NANOS, DELAY_MS_FIRST);
      connecting = present;
    }
    return present;
  }

  /** Retries with growing delays, as clients do. */
  private Future<Void> connectWithRetry(long deadline, int delayMs) {
    return connectOnce()
        .recover(
            cause -> {
              drop();
              if (context.now() > deadline || !context.isRunning()) {
                return Future.failedFuture(cause);
              }
              return context
                  .millis(random.nextInt(DELAY_MS_MIN, delayMs))
                  .compose(_ -> connectWithRetry(deadline, Math.min(2 * delayMs, DELAY_MS_MAX)));
            });
  }

  private Future<Void> connectOnce() {
    if (connection != null && connection.isOpen()) {
      return joinLobby();
    }
    URI node = nodes.pick();
    LoadTestUser user = api.user();
    var listener = new ConnectionListener();
    return context
        .sockets()
        .open(node, user.token(), listener)
        .onFailure(_ -> nodes.avoid(node))
        .recover(
            cause ->
                cause instanceof RequestException failed && failed.status() == 403
                    ? api.signIn().compose(_ -> Future.failedFuture(cause))
                    : Future.failedFuture(cause))
        .compose(
            opened -> {
              connection = opened;
              lastReceived = context.now();
              return join(user.userTopic(), userOrder);
            })
        .compose(_ -> joinLobby());
  }

  /** Joins a lobby on this connection and on all later ones. */
  Future<Void> subscribe(LobbyView view, Supplier<Future<Void>> reload) {
    this.view = view;
    this.reload = reload;
    this.lobbyTopic = PhoenixMessage.quoted(view.topic());
    this.lobbyJoined = false;
    return connect();
  }

  void unsubscribe() {
    view = null;
    lobbyJoined = false;
  }

  private Future<Void> joinLobby() {
    LobbyView target = view;
    if (target == null || lobbyJoined) {
      return Future.succeededFuture();
    }
    boolean resumes = target.order().isKnown();
    return join(target.topic(), target.order())
        .compose(
            reply -> {
              if (target == view) {
                lobbyJoined = true;
              }
              if (reply.getBoolean("recovered")) {
                context.metrics().resumed();
              } else if (resumes) {
                context.metrics().reloaded();
              }
              if (target.isLoaded()) {
                return Future.succeededFuture();
              }
              Supplier<Future<Void>> load = reload;
              return load == null ? Future.succeededFuture() : load.get();
            });
  }

  private Future<JsonObject> join(String topic, StreamOrderCheck order) {
    ClientSocket socket = connection;
    if (socket == null || !socket.isOpen()) {
      return Future.failedFuture(new RequestException(0, "the connection is closed"));
    }
    JsonObject position = order.resumePosition();
    var payload = JsonObject.of("resume", position == null ? new JsonObject() : position);
    Promise<JsonObject> reply = Promise.promise();
    String ref = socket.join(topic, payload);
    if (order != userOrder) {
      lobbyRef = ref;
    }
    replies.put(ref, reply);
    long timer =
        context
            .vertx()
            .setTimer(REPLY_MS, _ -> reply.tryFail(new RequestException(0, topic + ": no reply")));
    return reply
        .future()
        .onComplete(
            _ -> {
              context.vertx().cancelTimer(timer);
              replies.remove(ref);
            });
  }

  void drop() {
    ClientSocket previous = connection;
    connection = null;
    lobbyJoined = false;
    if (previous != null) {
      previous.drop();
    }
    var pending = Map.copyOf(replies);
    pending
        .values()
        .forEach(reply -> reply.tryFail(new RequestException(0, "the connection is closed")));
  }

  private void sendHeartbeat(long timer) {
    if (!context.isRunning()) {
      context.vertx().cancelTimer(timer);
      return;
    }
    ClientSocket socket = connection;
    if (socket == null || !socket.isOpen()) {
      return;
    }
    if (context.now() - lastReceived > SILENCE_MAX_NANOS) {
      drop();
    } else {
      socket.write(HEARTBEAT);
    }
  }

  private void reply(PhoenixMessage message) {
    Promise<JsonObject> pending = replies.get(message.ref());
    if (pending == null) {
      return;
    }
    JsonObject payload = message.payload();
    JsonObject response = payload.getJsonObject("response");
    if (!"ok".equals(payload.getString("status"))) {
      pending.tryFail(new RequestException(503, message.topic() + ": " + payload));
      return;
    }
    boolean recovered = response.getBoolean("recovered", false);
    if (!recovered) {
      // Immediately, because the next messages of the topic start anew.
      if (view != null && message.isTopic(lobbyTopic)) {
        view.clear();
      } else if (!message.isTopic(lobbyTopic)) {
        userOrder.reset();
      }
    }
    pending.tryComplete(JsonObject.of("recovered", recovered));
  }

  /** The listener of one connection; messages of a connection that was given up are ignored. */
  private final class ConnectionListener implements ClientSocket.Listener {
    private @Nullable ClientSocket own;

    @Override
    public void receive(PhoenixMessage message) {
      if (connection == null || (own != null && own != connection)) {
        return;
      }
      own = connection;
      lastReceived = context.now();
      if (message.isEvent(REPLY)) {
        reply(message);
      } else if (message.isTopic(lobbyTopic)) {
        if (!message.joinRef().equals(lobbyRef)) {
          // It belongs to an earlier join of the same lobby.
          return;
        }
        if (message.isEvent(CLOSE) || message.isEvent(ERROR)) {
          lobbyJoined = false;
        } else if (view != null) {
          view.receive(message);
        }
      } else if (message.topic().startsWith("user:")) {
        userOrder.receive(message);
      }
    }

    @Override
    public void closed(int code) {
      if (context.isRunning() && (code == SLOW || code == SESSION_ENDED)) {
        context.metrics().failed("closed by the server with " + code);
      }
      if (own == null || own == connection) {
        drop();
      }
    }
  }
}

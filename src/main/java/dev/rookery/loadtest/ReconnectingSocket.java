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
 * A player's line to whichever node: lost and made again, each time going on from the last position
 * he has heard. A node that says nothing for a while is given up, as a client does whose heartbeat
 * is not answered.
 */
final class ReconnectingSocket {
  private static final byte[] REPLY = PhoenixMessage.quoted("phx_reply");
  private static final byte[] CLOSE = PhoenixMessage.quoted("phx_close");
  private static final byte[] ERROR = PhoenixMessage.quoted("phx_error");
  private static final long REPLY_MS = 5_000;
  private static final long SILENT_MAX_NANOS = TimeUnit.SECONDS.toNanos(6);
  private static final long HEARTBEAT_MS = 2_000;
  private static final int WAIT_MS_MIN = 50;
  private static final int WAIT_MS_MAX = 500;
  private static final int WAIT_MS_LONGEST = 5_000;
  private static final long GIVE_UP_NANOS = TimeUnit.SECONDS.toNanos(90);
  private static final int SLOW = 1013;
  private static final int ENDED = 4001;
  private static final byte[] HEARTBEAT =
      ClientFrames.text("[null,\"0\",\"phoenix\",\"heartbeat\",{}]");

  private final ScenarioContext stage;
  private final NodeSelector nodes;
  private final Random random;
  private final RetryingApiClient commands;
  private final StreamOrderCheck own;
  private final Map<String, Promise<JsonObject>> replies = new HashMap<>();

  private @Nullable ClientSocket line;
  private @Nullable Future<Void> connecting;
  private @Nullable LobbyView view;
  private @Nullable Supplier<Future<Void>> reload;
  private byte[] lobbyTopic = new byte[0];
  private String lobbyRef = "";
  private boolean lobbyJoined;
  private long heard;

  ReconnectingSocket(
      ScenarioContext stage, NodeSelector nodes, Random random, RetryingApiClient commands) {
    this.stage = stage;
    this.nodes = nodes;
    this.random = random;
    this.commands = commands;
    // Some of what happens to a player is not shown to him, or says nothing new.
    this.own = new StreamOrderCheck(stage.figures(), false);
    stage.vertx().setPeriodic(HEARTBEAT_MS, this::beat);
  }

  boolean isReady() {
    return line != null && line.isOpen() && (view == null || lobbyJoined);
  }

  /** Until he follows everything again; at once if he does. */
  Future<Void> connect() {
    if (isReady()) {
      return Future.succeededFuture();
    }
    Future<Void> present = connecting;
    if (present == null || present.isComplete()) {
      present = attempt(stage.now() + GIVE_UP_NANOS, WAIT_MS_MAX);
      connecting = present;
    }
    return present;
  }

  /** Each time waits for longer, as clients do. */
  private Future<Void> attempt(long until, int waitMs) {
    return once()
        .recover(
            cause -> {
              drop();
              if (stage.now() > until || !stage.isUnderWay()) {
                return Future.failedFuture(cause);
              }
              return stage
                  .millis(random.nextInt(WAIT_MS_MIN, waitMs))
                  .compose(_ -> attempt(until, Math.min(2 * waitMs, WAIT_MS_LONGEST)));
            });
  }

  private Future<Void> once() {
    if (line != null && line.isOpen()) {
      return joinLobby();
    }
    URI node = nodes.pick();
    LoadTestUser person = commands.person();
    var hearing = new ConnectionListener();
    return stage
        .sockets()
        .open(node, person.token(), hearing)
        .onFailure(_ -> nodes.avoid(node))
        .recover(
            cause ->
                cause instanceof RequestException failed && failed.status() == 403
                    ? commands.signIn().compose(_ -> Future.failedFuture(cause))
                    : Future.failedFuture(cause))
        .compose(
            opened -> {
              line = opened;
              heard = stage.now();
              return join(person.userTopic(), own);
            })
        .compose(_ -> joinLobby());
  }

  /** Follows a lobby on this line and all that come after it. */
  Future<Void> follow(LobbyView view, Supplier<Future<Void>> reload) {
    this.view = view;
    this.reload = reload;
    this.lobbyTopic = PhoenixMessage.quoted(view.topic());
    this.lobbyJoined = false;
    return connect();
  }

  void unfollow() {
    view = null;
    lobbyJoined = false;
  }

  private Future<Void> joinLobby() {
    LobbyView wanted = view;
    if (wanted == null || lobbyJoined) {
      return Future.succeededFuture();
    }
    boolean known = wanted.trail().isKnown();
    return join(wanted.topic(), wanted.trail())
        .compose(
            reply -> {
              if (wanted == view) {
                lobbyJoined = true;
              }
              if (reply.getBoolean("recovered")) {
                stage.figures().resumed();
              } else if (known) {
                stage.figures().reloaded();
              }
              if (wanted.isLoaded()) {
                return Future.succeededFuture();
              }
              Supplier<Future<Void>> load = reload;
              return load == null ? Future.succeededFuture() : load.get();
            });
  }

  private Future<JsonObject> join(String topic, StreamOrderCheck trail) {
    ClientSocket on = line;
    if (on == null || !on.isOpen()) {
      return Future.failedFuture(new RequestException(0, "the line is gone"));
    }
    JsonObject position = trail.resume();
    var payload = JsonObject.of("resume", position == null ? new JsonObject() : position);
    Promise<JsonObject> reply = Promise.promise();
    String ref = on.join(topic, payload);
    if (trail != own) {
      lobbyRef = ref;
    }
    replies.put(ref, reply);
    long timer =
        stage
            .vertx()
            .setTimer(REPLY_MS, _ -> reply.tryFail(new RequestException(0, topic + ": no reply")));
    return reply
        .future()
        .onComplete(
            _ -> {
              stage.vertx().cancelTimer(timer);
              replies.remove(ref);
            });
  }

  void drop() {
    ClientSocket old = line;
    line = null;
    lobbyJoined = false;
    if (old != null) {
      old.drop();
    }
    var waiting = Map.copyOf(replies);
    waiting.values().forEach(reply -> reply.tryFail(new RequestException(0, "the line is gone")));
  }

  private void beat(long timer) {
    if (!stage.isUnderWay()) {
      stage.vertx().cancelTimer(timer);
      return;
    }
    ClientSocket now = line;
    if (now == null || !now.isOpen()) {
      return;
    }
    if (stage.now() - heard > SILENT_MAX_NANOS) {
      drop();
    } else {
      now.write(HEARTBEAT);
    }
  }

  private void reply(PhoenixMessage pushed) {
    Promise<JsonObject> waiting = replies.get(pushed.ref());
    if (waiting == null) {
      return;
    }
    JsonObject payload = pushed.payload();
    JsonObject response = payload.getJsonObject("response");
    if (!"ok".equals(payload.getString("status"))) {
      waiting.tryFail(new RequestException(503, pushed.topic() + ": " + payload));
      return;
    }
    boolean recovered = response.getBoolean("recovered", false);
    if (!recovered) {
      // At once: what comes next on the topic is told anew.
      if (view != null && pushed.isTopic(lobbyTopic)) {
        view.forget();
      } else if (!pushed.isTopic(lobbyTopic)) {
        own.forget();
      }
    }
    waiting.tryComplete(JsonObject.of("recovered", recovered));
  }

  /** One line; what a line says that was given up already is not heard. */
  private final class ConnectionListener implements ClientSocket.Listener {
    private @Nullable ClientSocket mine;

    @Override
    public void hear(PhoenixMessage pushed) {
      if (line == null || (mine != null && mine != line)) {
        return;
      }
      mine = line;
      heard = stage.now();
      if (pushed.isEvent(REPLY)) {
        reply(pushed);
      } else if (pushed.isTopic(lobbyTopic)) {
        if (!pushed.joinRef().equals(lobbyRef)) {
          // Of a join that is over: he was here before.
          return;
        }
        if (pushed.isEvent(CLOSE) || pushed.isEvent(ERROR)) {
          lobbyJoined = false;
        } else if (view != null) {
          view.hear(pushed);
        }
      } else if (pushed.topic().startsWith("user:")) {
        own.hear(pushed);
      }
    }

    @Override
    public void closed(int code) {
      if (stage.isUnderWay() && (code == SLOW || code == ENDED)) {
        stage.figures().failed("sent away with " + code);
      }
      if (mine == null || mine == line) {
        drop();
      }
    }
  }
}

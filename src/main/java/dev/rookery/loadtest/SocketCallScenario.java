package dev.rookery.loadtest;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Players who call a function of an extension on their sockets, one call after another. */
final class SocketCallScenario implements Scenario {
  private static final int OPENING = 64;
  private static final long ERRORS_MAX = 1_000;
  private static final byte[] REPLY = PhoenixMessage.quoted("phx_reply");

  private final ScenarioContext context;
  private final LoadMetrics metrics;
  private final List<Player> players = new ArrayList<>();
  private boolean stopped;

  SocketCallScenario(ScenarioContext context) {
    this.context = context;
    this.metrics = context.metrics();
  }

  @Override
  public String unit() {
    return "calls";
  }

  @Override
  public Future<Void> run() {
    return BoundedConcurrency.forEach(
            context.number(LoadParameter.CONNECTIONS), OPENING, this::connect)
        .compose(
            _ -> {
              players.forEach(Player::callNext);
              return context.warmUp();
            })
        .compose(_ -> context.measure())
        .compose(
            _ -> {
              stopped = true;
              return EventLoopPoll.until(
                  context, () -> players.stream().noneMatch(player -> player.waiting));
            });
  }

  private Future<Void> connect(int number) {
    return LoadTestUser.signIn(context, context.node(), context.device(Integer.toString(number)))
        .compose(
            user -> {
              var player = new Player(user);
              players.add(player);
              return context
                  .sockets()
                  .open(user.node(), user.token(), player)
                  .compose(player::join);
            });
  }

  /** A player with a joined channel. */
  private final class Player implements ClientSocket.Listener {
    private final LoadTestUser user;
    private final String call;
    private final Promise<Void> joined = Promise.promise();
    private @Nullable ClientSocket socket;
    private long due;
    private boolean waiting;

    Player(LoadTestUser user) {
      this.user = user;
      this.call =
          "[\"1\",\"2\",\""
              + user.userTopic()
              + "\",\"call_hook\","
              + ExtensionScenario.call()
              + "]";
    }

    Future<Void> join(ClientSocket opened) {
      socket = opened;
      opened.join(user.userTopic(), new JsonObject());
      return joined.future();
    }

    void callNext() {
      ClientSocket to = socket;
      waiting = to != null && !stopped && metrics.errors() <= ERRORS_MAX;
      if (to != null && waiting) {
        due = context.now();
        to.send(call);
      }
    }

    @Override
    public void receive(PhoenixMessage message) {
      if (!message.isEvent(REPLY) || !message.topic().equals(user.userTopic())) {
        return;
      }
      boolean ok = "ok".equals(message.status());
      if (!joined.future().isComplete()) {
        if (ok) {
          joined.complete();
        } else {
          joined.fail(new RequestException(0, "join: " + message.payload()));
        }
        return;
      }
      if (ok) {
        metrics.unit(context.now() - due);
      } else {
        metrics.failed("call_hook: " + message.payload());
      }
      callNext();
    }

    @Override
    public void closed(int code) {
      waiting = false;
      joined.tryFail(new RequestException(0, "closed with " + code));
      if (context.isRunning()) {
        metrics.failed("closed with " + code);
      }
    }
  }
}

package dev.rookery.loadtest;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * Groups of four GameFlow players: one creates a lobby, three join, all get ready, the match
 * starts, and so on. A round ends when all four have received its match exactly once. With several
 * nodes the four are connected to different ones. A group stops when one of its requests is
 * refused.
 */
final class TeamMatchScenario implements Scenario {
  private static final int PLAYERS = 4;
  private static final byte[] CREATE = ClientFrames.text("{\"type\":\"lobby:create\"}");
  private static final byte[] READY = ClientFrames.text("{\"type\":\"lobby:ready\"}");
  private static final byte[] START = ClientFrames.text("{\"type\":\"lobby:start\"}");

  private final ScenarioContext context;
  private final LoadMetrics metrics;
  private final List<Group> groups = new ArrayList<>();
  private boolean playing;

  TeamMatchScenario(ScenarioContext context) {
    this.context = context;
    this.metrics = context.metrics();
  }

  @Override
  public String unit() {
    return "rounds";
  }

  @Override
  public Future<Void> run() {
    return BoundedConcurrency.forEach(
            context.number(LoadParameter.GROUPS),
            context.number(LoadParameter.OPENING),
            this::connectGroup)
        .compose(
            _ -> {
              playing = true;
              groups.forEach(Group::startRound);
              return context.warmUp();
            })
        .compose(_ -> context.measure())
        .compose(
            _ -> {
              playing = false;
              return context.drain(this::running);
            });
  }

  private long running() {
    return groups.stream().filter(Group::isRunning).count();
  }

  private Future<Void> connectGroup(int number) {
    var group = new Group();
    groups.add(group);
    Future<Void> all = Future.succeededFuture();
    for (int i = 0; i < PLAYERS; i++) {
      String name = context.device(number + "-" + i);
      var player = new GameFlowPlayer(context, group, i == 0);
      group.players.add(player);
      all = all.compose(_ -> player.connect(name));
    }
    return all;
  }

  @Override
  public List<String> notes() {
    return List.of(
        ScenarioContext.line(
            "%,d groups of %d; %.1f frames per read",
            groups.size(), PLAYERS, metrics.framesPerRead()));
  }

  /** One group of four players. */
  final class Group {
    private final List<GameFlowPlayer> players = new ArrayList<>();
    private byte[] join = new byte[0];
    private int joined;
    private boolean started;
    private int received;
    private boolean running;
    private boolean failed;
    private long startedAt;

    boolean isRunning() {
      return running;
    }

    void startRound() {
      if (!playing || failed) {
        return;
      }
      running = true;
      joined = 0;
      started = false;
      received = 0;
      players.forEach(GameFlowPlayer::nextRound);
      startedAt = context.now();
      players.getFirst().send(CREATE);
    }

    void created(JsonObject lobby) {
      join =
          ClientFrames.text(
              JsonObject.of("type", "lobby:join", "lobbyId", lobby.getString("id")).encode());
      joinNext();
    }

    /** Players join one after another; then all get ready at once. */
    void joinNext() {
      if (++joined < PLAYERS) {
        players.get(joined).send(join);
      } else {
        players.forEach(player -> player.send(READY));
      }
    }

    /** Called with the number of ready players, as the owner sees the lobby. */
    void ready(int ready) {
      if (ready == PLAYERS && !started) {
        started = true;
        players.getFirst().send(START);
      }
    }

    /** One player has received the match; receiving it again is a repeat. */
    void received(boolean repeated) {
      if (repeated || !started) {
        metrics.repeat();
      } else if (++received == PLAYERS) {
        running = false;
        metrics.unit(context.now() - startedAt);
        startRound();
      }
    }

    void fail(String reason) {
      metrics.failed(reason);
      failed = true;
      running = false;
    }
  }
}

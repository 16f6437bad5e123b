package dev.rookery.loadtest;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * Groups of four on the GameFlow wire: one opens a lobby, three join, all get ready, the match
 * starts, and so on with the next. A round ends when all four have heard of its match, each once.
 * With several nodes the four of a group are at different ones. A group of whom one was refused or
 * put off plays no more.
 */
final class TeamMatchScenario implements Scenario {
  private static final int PLAYERS = 4;
  private static final byte[] CREATE = ClientFrames.text("{\"type\":\"lobby:create\"}");
  private static final byte[] READY = ClientFrames.text("{\"type\":\"lobby:ready\"}");
  private static final byte[] START = ClientFrames.text("{\"type\":\"lobby:start\"}");

  private final ScenarioContext stage;
  private final LoadMetrics figures;
  private final List<Group> groups = new ArrayList<>();
  private boolean playing;

  TeamMatchScenario(ScenarioContext stage) {
    this.stage = stage;
    this.figures = stage.figures();
  }

  @Override
  public String unit() {
    return "rounds";
  }

  @Override
  public Future<Void> run() {
    return BoundedConcurrency.each(
            stage.number(LoadParameter.GROUPS), stage.number(LoadParameter.OPENING), this::gather)
        .compose(
            _ -> {
              playing = true;
              groups.forEach(Group::begin);
              return stage.warmUp();
            })
        .compose(_ -> stage.measure())
        .compose(
            _ -> {
              playing = false;
              return EventLoopPoll.until(stage, () -> underWay() == 0)
                  .onFailure(_ -> figures.gap(underWay()))
                  .otherwiseEmpty();
            });
  }

  private long underWay() {
    return groups.stream().filter(Group::isUnderWay).count();
  }

  private Future<Void> gather(int number) {
    var group = new Group();
    groups.add(group);
    Future<Void> all = Future.succeededFuture();
    for (int i = 0; i < PLAYERS; i++) {
      String name = stage.device(number + "-" + i);
      var player = new GameFlowPlayer(stage, group, i == 0);
      group.players.add(player);
      all = all.compose(_ -> player.enter(name));
    }
    return all;
  }

  @Override
  public List<String> notes() {
    return List.of(
        ScenarioContext.line(
            "%,d groups of %d; %.1f frames a read", groups.size(), PLAYERS, figures.framesARead()));
  }

  /** Confined to the event loop, as all of it. */
  final class Group {
    private final List<GameFlowPlayer> players = new ArrayList<>();
    private byte[] join = new byte[0];
    private int joined;
    private boolean started;
    private int told;
    private boolean underWay;
    private boolean broken;
    private long begunAt;

    boolean isUnderWay() {
      return underWay;
    }

    void begin() {
      if (!playing || broken) {
        return;
      }
      underWay = true;
      joined = 0;
      started = false;
      told = 0;
      players.forEach(GameFlowPlayer::nextRound);
      begunAt = stage.now();
      players.getFirst().say(CREATE);
    }

    void created(JsonObject lobby) {
      join =
          ClientFrames.text(
              JsonObject.of("type", "lobby:join", "lobbyId", lobby.getString("id")).encode());
      joinNext();
    }

    /** One after the other; then all at once are ready. */
    void joinNext() {
      if (++joined < PLAYERS) {
        players.get(joined).say(join);
      } else {
        players.forEach(player -> player.say(READY));
      }
    }

    /** Of the lobby as it is, told to the owner. */
    void ready(int ready) {
      if (ready == PLAYERS && !started) {
        started = true;
        players.getFirst().say(START);
      }
    }

    /** One of the four has heard of the match; whoever hears of it again has heard too much. */
    void told(boolean again) {
      if (again || !started) {
        figures.repeat();
      } else if (++told == PLAYERS) {
        underWay = false;
        figures.unit(stage.now() - begunAt);
        begin();
      }
    }

    void broke(String why) {
      figures.failed(why);
      broken = true;
      underWay = false;
    }
  }
}

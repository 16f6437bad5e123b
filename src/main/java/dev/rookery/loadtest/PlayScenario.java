package dev.rookery.loadtest;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Many lives at once, over all nodes; at the end what clients saw is compared with the store. */
final class PlayScenario implements Scenario {
  private static final int BEGINNING_AT_ONCE = 32;

  private final ScenarioContext stage;
  private final NodeSelector nodes;
  private final List<SimulatedPlayer> hosts = new ArrayList<>();
  private final List<SimulatedPlayer> lives = new ArrayList<>();

  PlayScenario(ScenarioContext stage) {
    this(stage, new Random());
  }

  PlayScenario(ScenarioContext stage, Random random) {
    this.stage = stage;
    this.nodes = new NodeSelector(stage, random);
    int players = stage.number(LoadParameter.PLAYERS);
    int lobbies = Math.min(players, stage.number(LoadParameter.LOBBIES));
    var open = new ArrayList<Long>();
    for (int i = 0; i < players; i++) {
      boolean host = i < lobbies;
      var own = new Random(random.nextLong());
      var life = new SimulatedPlayer(stage, nodes, own, stage.device("player-" + i), open, host);
      lives.add(life);
      if (host) {
        hosts.add(life);
      }
    }
  }

  @Override
  public String unit() {
    return "commands";
  }

  @Override
  public Future<Void> run() {
    return begin().compose(_ -> stage.warmUp()).compose(_ -> stage.measure()).compose(_ -> end());
  }

  List<SimulatedPlayer> lives() {
    return lives;
  }

  /** Everybody connected, in a lobby, and busy. */
  Future<Void> begin() {
    return BoundedConcurrency.each(hosts.size(), BEGINNING_AT_ONCE, i -> hosts.get(i).begin())
        .compose(
            _ ->
                BoundedConcurrency.each(
                    lives.size() - hosts.size(),
                    BEGINNING_AT_ONCE,
                    i -> lives.get(hosts.size() + i).begin()))
        .onSuccess(_ -> lives.forEach(SimulatedPlayer::think))
        .mapEmpty();
  }

  /** Everybody stops doing things, and goes on listening. */
  Future<Void> rest() {
    return Future.join(lives.stream().map(SimulatedPlayer::rest).toList()).mapEmpty();
  }

  /** Everybody rests; whatever is not as it was promised is an error of the figures. */
  Future<Void> end() {
    return new ConsistencyCheck(stage, lives).settle().onComplete(_ -> nodes.close());
  }

  @Override
  public List<String> notes() {
    LoadMetrics figures = stage.figures();
    return List.of(
        ScenarioContext.line(
            "%,d players in %,d lobbies; %,d connections lost, %,d resumed, %,d reloaded;"
                + " %,d requests asked again",
            lives.size(),
            hosts.size(),
            figures.drops(),
            figures.resumes(),
            figures.reloads(),
            figures.retries()));
  }
}

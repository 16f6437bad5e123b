package dev.rookery.loadtest;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Many simulated players on all nodes; at the end what the clients saw is compared with the store.
 */
final class PlayScenario implements Scenario {
  private static final int STARTS_CONCURRENT_MAX = 32;

  private final ScenarioContext context;
  private final NodeSelector nodes;
  private final List<SimulatedPlayer> hosts = new ArrayList<>();
  private final List<SimulatedPlayer> players = new ArrayList<>();

  PlayScenario(ScenarioContext context) {
    this(context, new Random());
  }

  PlayScenario(ScenarioContext context, Random random) {
    this.context = context;
    this.nodes = new NodeSelector(context, random);
    int playerCount = context.number(LoadParameter.PLAYERS);
    int lobbies = Math.min(playerCount, context.number(LoadParameter.LOBBIES));
    var lobbyIds = new ArrayList<Long>();
    for (int i = 0; i < playerCount; i++) {
      boolean host = i < lobbies;
      var playerRandom = new Random(random.nextLong());
      var player =
          new SimulatedPlayer(
              context, nodes, playerRandom, context.device("player-" + i), lobbyIds, host);
      players.add(player);
      if (host) {
        hosts.add(player);
      }
    }
  }

  @Override
  public String unit() {
    return "commands";
  }

  @Override
  public Future<Void> run() {
    return start()
        .compose(_ -> context.warmUp())
        .compose(_ -> context.measure())
        .compose(_ -> finish());
  }

  List<SimulatedPlayer> players() {
    return players;
  }

  /** Starts all players: signed in, connected, in a lobby and acting. */
  Future<Void> start() {
    return BoundedConcurrency.forEach(
            hosts.size(), STARTS_CONCURRENT_MAX, i -> hosts.get(i).start())
        .compose(
            _ ->
                BoundedConcurrency.forEach(
                    players.size() - hosts.size(),
                    STARTS_CONCURRENT_MAX,
                    i -> players.get(hosts.size() + i).start()))
        .onSuccess(_ -> players.forEach(SimulatedPlayer::scheduleNext))
        .mapEmpty();
  }

  /** Stops the actions of all players; they go on receiving. */
  Future<Void> rest() {
    return Future.join(players.stream().map(SimulatedPlayer::rest).toList()).mapEmpty();
  }

  /** Stops all players and checks the consistency; each violation is counted as an error. */
  Future<Void> finish() {
    return new ConsistencyCheck(context, players).run().onComplete(_ -> nodes.close());
  }

  @Override
  public List<String> notes() {
    LoadMetrics metrics = context.metrics();
    return List.of(
        ScenarioContext.line(
            "%,d players in %,d lobbies; %,d connections lost, %,d resumed, %,d reloaded;"
                + " %,d requests retried",
            players.size(),
            hosts.size(),
            metrics.drops(),
            metrics.resumes(),
            metrics.reloads(),
            metrics.retries()));
  }
}

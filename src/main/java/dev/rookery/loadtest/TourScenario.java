package dev.rookery.loadtest;

import io.vertx.core.Future;
import java.net.URI;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Scenarios of every wire, one after the other, each small and for a second: so that the JVM of a
 * node has loaded and profiled what its players will use. It measures nothing. The node should have
 * no player yet, because some scenarios need the first one.
 */
final class TourScenario implements Scenario {
  /** Those that make an admin come first. */
  private static final List<ScenarioKind> STEPS =
      List.of(
          ScenarioKind.BOARDS,
          ScenarioKind.SUBMIT,
          ScenarioKind.AROUND,
          ScenarioKind.GODRA_RPC,
          ScenarioKind.GODRA_SOCKET,
          ScenarioKind.FIRST_LOGIN,
          ScenarioKind.RETURNING_LOGIN,
          ScenarioKind.ME,
          ScenarioKind.PROFILE,
          ScenarioKind.LOBBIES,
          ScenarioKind.MESSAGES,
          ScenarioKind.KV_WRITE,
          ScenarioKind.KV_READ,
          ScenarioKind.LOBBY,
          ScenarioKind.FRIENDS,
          ScenarioKind.PARTY,
          ScenarioKind.DIRECT,
          ScenarioKind.GROUP_CHAT,
          ScenarioKind.CONNECT,
          ScenarioKind.RELAY,
          ScenarioKind.ROOM_START,
          ScenarioKind.MATCH,
          ScenarioKind.CYCLE,
          ScenarioKind.CHAT,
          ScenarioKind.FANOUT);

  /** What the steps have at most; less if the options of the tour say so. */
  private static final Map<LoadParameter, Integer> SMALL =
      new EnumMap<>(
          Map.ofEntries(
              Map.entry(LoadParameter.SECONDS, 1),
              Map.entry(LoadParameter.WARMUP, 0),
              Map.entry(LoadParameter.CONNECTIONS, 8),
              Map.entry(LoadParameter.RECORDS, 100),
              Map.entry(LoadParameter.FOLLOWERS, 50),
              Map.entry(LoadParameter.CHANNELS, 4),
              Map.entry(LoadParameter.SOCKETS, 50),
              Map.entry(LoadParameter.IN_FLIGHT, 4),
              Map.entry(LoadParameter.GROUPS, 4),
              Map.entry(LoadParameter.PAIRS, 8),
              Map.entry(LoadParameter.ROOMS, 200)));

  private final ScenarioContext context;
  private final List<String> failures = new ArrayList<>();

  TourScenario(ScenarioContext context) {
    this.context = context;
  }

  @Override
  public String unit() {
    return "steps";
  }

  @Override
  public Future<Void> run() {
    context.begin();
    URI node = context.node();
    // Before anybody else, so that it is the first player.
    return LoadTestUser.signIn(context, node, LeaderboardScenario.ADMIN_DEVICE)
        .compose(_ -> BoundedConcurrency.forEach(STEPS.size(), 1, i -> step(STEPS.get(i), "")))
        .compose(_ -> step(ScenarioKind.MATCH, JavaScriptGame.KEY))
        .onComplete(_ -> context.end())
        .mapEmpty();
  }

  /** A step that fails is named, and the next one follows. */
  private Future<Void> step(ScenarioKind kind, String game) {
    LoadOptions all = context.options();
    var numbers = new EnumMap<LoadParameter, Integer>(LoadParameter.class);
    SMALL.forEach((name, number) -> numbers.put(name, Math.min(number, all.number(name))));
    var options =
        new LoadOptions(
            kind, all.nodes(), List.of(), List.of(), List.of(), game, numbers, RunSettings.NONE);
    var own = new ScenarioContext(context.vertx(), options);
    return kind.create(own)
        .run()
        .onFailure(own.metrics()::failed)
        .otherwiseEmpty()
        .eventually(own::close)
        .onComplete(
            _ -> {
              String error = own.metrics().firstError();
              if (error == null) {
                context.metrics().unit();
              } else {
                context.metrics().failed(kind.optionName() + ": " + error);
                failures.add(kind.optionName());
              }
            });
  }

  @Override
  public List<String> notes() {
    return failures.isEmpty() ? List.of() : List.of("failed: " + String.join(", ", failures));
  }
}

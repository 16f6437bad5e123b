package dev.rookery.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.RestPlayer;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every scenario, small and short, against a node and against the baseline server. */
final class ScenariosIT {
  private static final Map<LoadParameter, Integer> SMALL =
      Map.ofEntries(
          Map.entry(LoadParameter.SECONDS, 1),
          Map.entry(LoadParameter.WARMUP, 0),
          Map.entry(LoadParameter.CONNECTIONS, 2),
          Map.entry(LoadParameter.RECORDS, 20),
          Map.entry(LoadParameter.FOLLOWERS, 5),
          Map.entry(LoadParameter.CHANNELS, 2),
          Map.entry(LoadParameter.MEMBERS, 3),
          Map.entry(LoadParameter.SOCKETS, 5),
          Map.entry(LoadParameter.FRIENDS, 6),
          Map.entry(LoadParameter.GROUPS, 3),
          Map.entry(LoadParameter.PAIRS, 3),
          Map.entry(LoadParameter.ROOMS, 6),
          // Of two admins.
          Map.entry(LoadParameter.PAGES, 12),
          Map.entry(LoadParameter.PLAYERS, 8),
          Map.entry(LoadParameter.LOBBIES, 2),
          Map.entry(LoadParameter.THINK_MS, 20),
          Map.entry(LoadParameter.DROPS, 10),
          Map.entry(LoadParameter.MOVES, 10));

  private static TestNode node;
  private static BaselineProcess baseline;

  private final ByteArrayOutputStream output = new ByteArrayOutputStream();
  private final Load load = new Load(new PrintStream(output, true, StandardCharsets.UTF_8));

  @BeforeAll
  static void start() throws Exception {
    // Two players who answer each other at once exceed any usual rate limit.
    node =
        TestNode.start(
            Databases.sqlite(),
            Map.of(
                "ROOKERY_SOCKETS_FRAMES_PER_SECOND_MAX", "1000000",
                "ROOKERY_KV_PLAYER_WRITES", "true",
                "ROOKERY_MATCHES_HOSTED_MAX", "10000"));
    // The first player is an admin.
    node.post(
        "/api/v1/login/device", "{\"device_id\":\"" + LeaderboardScenario.ADMIN_DEVICE + "\"}");
    baseline = BaselineProcess.start(command());
  }

  @AfterAll
  static void stop() {
    baseline.close();
    node.close();
  }

  @ParameterizedTest
  @EnumSource(ScenarioKind.class)
  void runsAgainstNode(ScenarioKind kind) {
    ScenarioResult result = load.execute(options(kind, List.of()));
    assertThat(result.firstError()).isNull();
    assertThat(result.isClean()).isTrue();
    assertThat(result.perSecond()).isPositive();
    assertThat(result.table(null)).contains(kind.optionName()).contains("gaps");
  }

  @ParameterizedTest
  @CsvSource({
    "MATCH, crazy-eights",
    "ROOM_START, crazy-eights",
    "ROOM_MEMORY, crazy-eights",
    "MATCH, tic-tac-toe-js",
    "ROOM_START, tic-tac-toe-js"
  })
  void playsOtherGames(ScenarioKind kind, String game) {
    ScenarioResult result = load.execute(options(kind, List.of(), game));
    assertThat(result.firstError()).isNull();
    assertThat(result.isClean()).isTrue();
    assertThat(result.perSecond()).isPositive();
  }

  @ParameterizedTest
  @EnumSource(
      value = ScenarioKind.class,
      names = {"LOBBY", "CHAT", "FANOUT", "CONNECT", "IDLE"})
  void runsAgainstBaselineServer(ScenarioKind kind) {
    ScenarioResult result =
        load.execute(options(kind, List.of()).at(baseline.uri(), baseline.pid()));
    assertThat(result.firstError()).isNull();
    assertThat(result.isClean()).isTrue();
    assertThat(result.perSecond()).isPositive();
  }

  @Test
  void runsForAnAdminAndDeletesItsPlayers() throws Exception {
    RestPlayer admin = admin();
    long before = players(admin);
    JsonObject started = startRun(admin, 10_000);
    long run = started.getLong("id");
    assertThat(startRefusal(admin)).isEqualTo(409);
    Eventually.holds(() -> state(admin, run).equals("ended"));

    JsonObject ended = run(admin, run);
    assertThat(ended.getString("outcome")).as(ended.encode()).isEqualTo("done");
    assertThat(ended.getLong("errors")).isZero();
    assertThat(ended.getDouble("per_second")).isPositive();
    assertThat(ended.getJsonArray("seconds")).isNotEmpty();
    assertThat(ended.getLong("players_left")).isZero();
    assertThat(players(admin)).isEqualTo(before);
  }

  @Test
  void cancelsARunAndStopsOneThatIsTooSlow() throws Exception {
    RestPlayer admin = admin();
    JsonObject started = startRun(admin, 10_000, 300);
    long run = started.getLong("id");
    Eventually.holds(() -> !run(admin, run).getJsonArray("seconds").isEmpty());
    admin.post("/api/v1/admin/load/" + run + "/cancel", new JsonObject());
    Eventually.holds(() -> state(admin, run).equals("ended"));
    assertThat(run(admin, run).getString("outcome")).isEqualTo("cancelled");
    assertThat(run(admin, run).getLong("players_left")).isZero();

    long slow = startRun(admin, 1, 300).getLong("id");
    Eventually.holds(() -> state(admin, slow).equals("ended"));
    assertThat(run(admin, slow).getString("outcome")).isEqualTo("too_slow");
  }

  private static RestPlayer admin() throws Exception {
    return RestPlayer.signIn(TestNode.client(), node.uri(""), LeaderboardScenario.ADMIN_DEVICE);
  }

  private static JsonObject startRun(RestPlayer admin, int p99) throws Exception {
    return startRun(admin, p99, 1);
  }

  private static JsonObject startRun(RestPlayer admin, int p99, int seconds) throws Exception {
    String node = admin.get("/api/v1/admin/load").body().getJsonArray("nodes").getString(0);
    var answer =
        admin.post(
            "/api/v1/admin/load",
            JsonObject.of(
                "scenario",
                "play",
                "node",
                node,
                "players",
                8,
                "ramp",
                1,
                "time",
                seconds,
                "p99",
                p99));
    assertThat(answer.status()).as(answer.body().encode()).isEqualTo(200);
    return answer.body().getJsonObject("data");
  }

  private static int startRefusal(RestPlayer admin) throws Exception {
    String node = admin.get("/api/v1/admin/load").body().getJsonArray("nodes").getString(0);
    return admin.post("/api/v1/admin/load", JsonObject.of("scenario", "me", "node", node)).status();
  }

  private static JsonObject run(RestPlayer admin, long run) {
    try {
      return admin.get("/api/v1/admin/load/" + run).body().getJsonObject("data");
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(stopped);
    }
  }

  private static String state(RestPlayer admin, long run) {
    return run(admin, run).getString("state");
  }

  private static long players(RestPlayer admin) throws Exception {
    return admin.get("/api/v1/admin/users").body().getJsonObject("meta").getLong("total_count");
  }

  @Test
  void failsWhenNodeIsUnreachable() {
    var unreachable =
        options(ScenarioKind.FANOUT, List.of()).at(java.net.URI.create("http://127.0.0.1:1"), 0);
    assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> load.execute(unreachable)))
        .hasRootCauseInstanceOf(RequestException.class);
  }

  private static LoadOptions options(ScenarioKind kind, List<String> baselineCommand) {
    return options(kind, baselineCommand, "");
  }

  private static LoadOptions options(ScenarioKind kind, List<String> baselineCommand, String game) {
    return new LoadOptions(
        kind,
        List.of(node.uri("")),
        List.of(ProcessHandle.current().pid()),
        List.of(),
        baselineCommand,
        game,
        SMALL,
        RunSettings.NONE);
  }

  private static List<String> command() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx128m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        System.getProperty("java.class.path"));
  }
}

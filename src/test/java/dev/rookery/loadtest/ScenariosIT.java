package dev.rookery.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Databases;
import dev.rookery.testkit.TestNode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
  void failsWhenNodeIsUnreachable() {
    var unreachable =
        options(ScenarioKind.FANOUT, List.of()).at(java.net.URI.create("http://127.0.0.1:1"), 0);
    assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> load.execute(unreachable)))
        .hasRootCauseInstanceOf(RequestException.class);
  }

  private static LoadOptions options(ScenarioKind kind, List<String> baselineCommand) {
    return new LoadOptions(
        kind,
        List.of(node.uri("")),
        List.of(ProcessHandle.current().pid()),
        List.of(),
        baselineCommand,
        SMALL);
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

package dev.rookery.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.loadtest.NodeMetricsCheck.Footprint;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.NetworkNamespaces;
import dev.rookery.testkit.ProcessCluster;
import dev.rookery.testkit.RestPlayer;
import dev.rookery.testkit.ScoreWalk;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Breaks three nodes in separate processes while simulated players join lobbies, chat, move, lose
 * their connection and resume. Afterwards everything acknowledged is stored once, every client's
 * view is what is stored, no event was missed or received twice, nothing has two owners, and
 * nothing is left behind.
 *
 * <p>{@code -Drookery.faults=long} uses longer faults and more players; see scripts/faults.
 */
@Timeout(900)
final class FaultsIT {
  private static final boolean LONG = "long".equals(System.getProperty("rookery.faults"));
  private static final int COMMANDS = LONG ? 2_000 : 75;
  private static final Duration TAKEN_OVER_WITHIN = Duration.ofSeconds(LONG ? 5 : 20);
  // Caches and thread pools may grow a little.
  private static final Footprint ALLOWED = new Footprint(LONG ? 24 : 8, 8, 32, 24);

  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private static ProcessCluster cluster;

  private final long seed = System.nanoTime();
  private List<Footprint> before;
  private OwnershipMonitor ownership;

  @BeforeAll
  static void start(@TempDir Path folder) {
    cluster =
        ProcessCluster.start(
            3,
            folder,
            Map.of(
                "DRAIN_DELAY",
                "2s",
                "ROOKERY_DRILLS_PLAYERS_PERCENT_MAX",
                "100",
                // What a client must leave unread before it is closed.
                "ROOKERY_SOCKETS_QUEUE_BYTES_MAX",
                "256KiB"));
    // The first player is an admin.
    admin(cluster.uris().getFirst());
    // A first run, so that a node's caches and pools are filled.
    try (var play = play(1)) {
      play.awaitCommands(COMMANDS);
      play.finish();
    }
  }

  private static RestPlayer admin(URI node) {
    try {
      return RestPlayer.signIn(CLIENT, node, ScoreWalk.ADMIN);
    } catch (IOException | InterruptedException failure) {
      throw new AssertionError(failure);
    }
  }

  private interface Request {
    RestPlayer.Response send() throws IOException, InterruptedException;
  }

  private static JsonObject answer(Request request) {
    try {
      var answer = request.send();
      assertThat(answer.ok()).as(answer.body().encode()).isTrue();
      return answer.body();
    } catch (IOException | InterruptedException failure) {
      throw new AssertionError(failure);
    }
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @BeforeEach
  void recordBefore() {
    System.out.println("seed " + seed);
    NodeMetricsCheck.assertIdle(cluster);
    before = NodeMetricsCheck.footprints(cluster);
    ownership = OwnershipMonitor.watch(cluster);
  }

  @AfterEach
  void assertNothingIsLeftBehind() throws InterruptedException {
    ownership.finish();
    NodeMetricsCheck.assertIdle(cluster);
    NodeMetricsCheck.assertFootprints(before, cluster, ALLOWED);
    DatabaseInvariants.assertHold(cluster.database());
  }

  private static BackgroundPlay play(long seed) {
    return BackgroundPlay.start(
        cluster.uris(),
        seed,
        Map.of(
            LoadParameter.PLAYERS, LONG ? 200 : 24,
            LoadParameter.LOBBIES, LONG ? 25 : 4,
            LoadParameter.THINK_MS, LONG ? 1_000 : 500));
  }

  @Test
  void losesNothingWhenNodeIsKilled() throws Exception {
    try (var play = play(seed);
        var scores = ScoreWalk.start(cluster::uris, seed)) {
      play.awaitCommands(COMMANDS);
      scores.awaitSteps(COMMANDS);
      for (int i = 0; i < (LONG ? 5 : 1); i++) {
        int owner = OwnershipMonitor.ownerOf(cluster, OwnershipMonitor.JOB);
        double runsBefore = OwnershipMonitor.runsByOthers(cluster, owner, OwnershipMonitor.JOB);
        long start = System.nanoTime();
        cluster.node(owner).kill();
        Eventually.holds(
            () -> OwnershipMonitor.runsByOthers(cluster, owner, OwnershipMonitor.JOB) > runsBefore);
        var outage = Duration.ofNanos(System.nanoTime() - start);
        System.out.printf("its jobs ran again after %,d ms%n", outage.toMillis());
        assertThat(outage).isLessThan(TAKEN_OVER_WITHIN);
        play.awaitCommands(COMMANDS);
        scores.awaitSteps(COMMANDS);
        cluster.restart(owner);
        play.awaitCommands(COMMANDS);
        scores.awaitSteps(COMMANDS);
      }
      scores.finish(cluster.database());
      play.finish();
    }
  }

  @Test
  void doesNoHarmWhenPausedNodeContinues() {
    try (var play = play(seed)) {
      play.awaitCommands(COMMANDS);
      int owner = OwnershipMonitor.ownerOf(cluster, OwnershipMonitor.JOB);
      cluster.node(owner).pause();
      try {
        play.awaitCommands(Duration.ofSeconds(LONG ? 60 : 6));
        var claims = NodeMetricsCheck.claimsOnWaking(cluster.node(owner));
        cluster.node(owner).unpause();
        assertThat(claims.join()).as("jobs it claims before it notices").isEmpty();
      } finally {
        cluster.node(owner).unpause();
      }
      play.awaitCommands(COMMANDS);
      play.finish();
    }
  }

  @Test
  void doesNoHarmWhenPausedNodeIsFenced() {
    try (var play = play(seed)) {
      play.awaitCommands(COMMANDS);
      int owner = OwnershipMonitor.ownerOf(cluster, OwnershipMonitor.JOB);
      JsonObject node = describe(owner);
      cluster.node(owner).pause();
      try {
        fence(cluster.uris().get((owner + 1) % cluster.size()), node);
        play.awaitCommands(COMMANDS);
      } finally {
        cluster.node(owner).unpause();
      }
      assertThat(cluster.node(owner).awaitEnd()).isZero();
      assertThat(cluster.node(owner).log()).contains("an admin has fenced this node");
      cluster.restart(owner);
      play.awaitCommands(COMMANDS);
      play.finish();
    }
  }

  @Test
  void drillStopsNodeAndMeasuresTheTakeover() {
    try (var play = play(seed)) {
      play.awaitCommands(COMMANDS);
      int owner = OwnershipMonitor.ownerOf(cluster, OwnershipMonitor.JOB);
      JsonObject report = drill(owner, "stop");
      assertThat(cluster.node(owner).awaitEnd()).isNotZero();
      assertThat(report.getString("taken_by")).isNotEqualTo(report.getString("node"));
      assertThat(report.getLong("owned")).isPositive();
      cluster.restart(owner);
      play.awaitCommands(COMMANDS);
      play.finish();
    }
  }

  @Test
  void drillPausesNodeWhoseLateWritesAreRefused() {
    try (var play = play(seed)) {
      play.awaitCommands(COMMANDS);
      int owner = OwnershipMonitor.ownerOf(cluster, OwnershipMonitor.JOB);
      assertThat(drill(owner, "pause").getLong("refused")).isPositive();
      play.awaitCommands(COMMANDS);
      play.finish();
    }
  }

  @Test
  void drillCutsNodeOffItsDatabase() {
    try (var play = play(seed)) {
      play.awaitCommands(COMMANDS);
      int owner = OwnershipMonitor.ownerOf(cluster, OwnershipMonitor.JOB);
      JsonObject report = drill(owner, "cut");
      assertThat(report.getString("taken_by")).isNotEqualTo(report.getString("node"));
      assertThat(report.getLong("refused")).isPositive();
      assertThat(report.getLong("back_after_ms")).isGreaterThanOrEqualTo(10_000);
      assertThat(NodeMetricsCheck.metric(cluster.node(owner), "rookery_store_cut")).isZero();
      play.awaitCommands(COMMANDS);
      play.finish();
    }
  }

  /** Holds a drill to its end, with another node; returns its report. */
  private static JsonObject drill(int node, String fault) {
    String name = describe(node).getString("node");
    RestPlayer admin = admin(cluster.uris().get((node + 1) % cluster.size()));
    String path = "/api/v1/admin/cluster/drills";
    JsonObject started =
        answer(() -> admin.post(path, JsonObject.of("node", name, "fault", fault)));
    String drill = path + "/" + started.getJsonObject("data").getLong("id");
    var last = new AtomicReference<JsonObject>();
    Eventually.holds(
        () -> {
          last.set(answer(() -> admin.get(drill)).getJsonObject("data"));
          return Set.of("done", "failed").contains(last.get().getString("state"));
        });
    JsonObject report = last.get();
    System.out.println(report.encode());
    assertThat(report.getString("state")).as(report.encode()).isEqualTo("done");
    assertThat(report.getLong("lost")).as(report.encode()).isZero();
    assertThat(report.getLong("repeats")).as(report.encode()).isZero();
    assertThat(report.getLong("acknowledged")).isGreaterThanOrEqualTo(80);
    assertThat(report.getLong("first_after_ms")).isPositive();
    return report;
  }

  /** What a node says about itself. */
  private static JsonObject describe(int node) {
    RestPlayer admin = admin(cluster.uris().get(node));
    JsonObject all = answer(() -> admin.get("/api/v1/admin/cluster"));
    return all.getJsonArray("data").stream()
        .map(JsonObject.class::cast)
        .filter(one -> one.getBoolean("here"))
        .findFirst()
        .orElseThrow();
  }

  private static void fence(URI by, JsonObject node) {
    String path = "/api/v1/admin/cluster/nodes/" + node.getString("node") + "/fence";
    JsonObject run = JsonObject.of("run", node.getLong("run"));
    answer(() -> admin(by).post(path, run));
  }

  @Test
  void losesNoEventWhenNodesArePartitioned() {
    NetworkNamespaces namespaces = cluster.namespaces().orElse(null);
    Assumptions.assumeTrue(namespaces != null, "needs root to create network namespaces");
    try (var play = play(seed)) {
      play.awaitCommands(COMMANDS);
      namespaces.cut(0, 1);
      namespaces.cut(0, 2);
      namespaces.cut(1, 2);
      try {
        play.awaitCommands(Duration.ofSeconds(LONG ? 60 : 6));
      } finally {
        namespaces.restore(0, 1);
        namespaces.restore(0, 2);
        namespaces.restore(1, 2);
      }
      play.awaitCommands(COMMANDS);
      play.finish();
    }
  }

  @Test
  void keepsEverythingAcknowledgedWhenDatabaseRestarts() {
    try (var play = play(seed)) {
      play.awaitCommands(COMMANDS);
      cluster.postgres().stop();
      cluster.postgres().start();
      play.awaitCommands(COMMANDS);
      play.finish();
    }
  }

  @Test
  void failsNoCommandDuringRollingRestart() {
    try (var play = play(seed)) {
      play.awaitCommands(COMMANDS);
      for (int i = 0; i < (LONG ? cluster.size() : 1); i++) {
        assertThat(cluster.node(i).stop()).isZero();
        cluster.restart(i);
        play.awaitCommands(COMMANDS);
      }
      play.finish();
      assertThat(play.metrics().lastRetry()).as("reason of a retry").isNull();
    }
  }

  @Test
  void closesOnlyClientThatStopsReading() {
    try (var play = play(seed)) {
      play.awaitCommands(COMMANDS);
      double before = overflowCount();
      play.addStalledSpectator(cluster.node(0).uri(""));
      play.floodFirstLobby(() -> overflowCount() > before);
      play.awaitCommands(COMMANDS);
      assertThat(overflowCount()).isEqualTo(before + 1);
      play.finish();
    }
  }

  private static double overflowCount() {
    return NodeMetricsCheck.metric(cluster.node(0), "rookery_sockets_overflows_total");
  }

  @Test
  void reconnectsAllPlayersAtOnce() {
    int players = LONG ? 5_000 : 120;
    var numbers =
        Map.of(
            LoadParameter.PLAYERS,
            players,
            LoadParameter.LOBBIES,
            players / 20,
            LoadParameter.THINK_MS,
            LONG ? 20_000 : 4_000,
            LoadParameter.DROPS,
            0,
            LoadParameter.MOVES,
            0);
    try (var play = BackgroundPlay.start(cluster.uris(), seed, numbers)) {
      play.awaitCommands(COMMANDS);
      long start = System.nanoTime();
      play.dropAll();
      play.connectAll();
      System.out.printf(
          "%,d players reconnected within %.1f s%n", players, (System.nanoTime() - start) / 1e9);
      play.finish();
      assertThat(play.metrics().resumes()).isGreaterThanOrEqualTo(players);
    }
  }
}

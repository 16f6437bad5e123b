package dev.rookery.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.loadtest.DatabaseInvariants;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.NodeProcess;
import dev.rookery.testkit.ProcessCluster;
import dev.rookery.testkit.RestPlayer;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills, pauses and stops nodes in the middle of matches: each match ends as its actions would have
 * ended it without a fault, with each acknowledged action once.
 */
@Timeout(600)
final class MatchFaultsIT {
  private static final Map<String, String> SETTINGS =
      Map.of("ROOKERY_MATCHES_HOSTED_MAX", "10000", "ROOKERY_SOCKETS_PER_PLAYER_MAX", "1000");
  private static final int OPENING = 8;

  // Before the fault each match has so many actions; the shortest has five.
  private static final int BEFORE = 2;
  private static final int ALL = 9;
  private static final long WAITED_MILLIS_MAX = 120_000;

  private static ProcessCluster cluster;
  private static HttpClient client;

  private final long seed = System.nanoTime();
  private final MatchPace pace = new MatchPace();

  @BeforeAll
  static void start(@TempDir Path folder) {
    client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    cluster = ProcessCluster.start(3, folder, SETTINGS);
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
    client.close();
  }

  private List<ScriptedMatch> startMatches(
      int count, Supplier<List<URI>> nodes, ExecutorService threads) throws Exception {
    System.out.println("seed " + seed);
    var random = new Random(seed);
    List<URI> all = nodes.get();
    var matches = new ArrayList<ScriptedMatch>();
    var users = new ArrayList<RestPlayer>();
    for (int i = 0; i < 2 * all.size(); i++) {
      users.add(RestPlayer.signIn(client, all.get(i / 2), "match-" + seed + "-" + i));
    }
    for (int i = 0; i < count; i++) {
      int node = i % all.size();
      matches.add(
          new ScriptedMatch(
              client, nodes, users.get(2 * node), users.get(2 * node + 1), node, random, pace));
    }
    try (var opening = Executors.newFixedThreadPool(OPENING)) {
      var started = new ArrayList<Future<?>>();
      for (ScriptedMatch match : matches) {
        started.add(
            opening.submit(
                () -> {
                  match.start(threads);
                  return null;
                }));
      }
      join(started);
    }
    return matches;
  }

  private List<Future<?>> playUntilFault(List<ScriptedMatch> matches, ExecutorService threads) {
    var playing = new ArrayList<Future<?>>();
    matches.forEach(match -> playing.addAll(match.play(threads)));
    pace.allow(BEFORE);
    pace.awaitTotal((long) BEFORE * matches.size());
    return playing;
  }

  private static void join(List<Future<?>> all) throws InterruptedException {
    for (Future<?> one : all) {
      try {
        one.get();
      } catch (ExecutionException failure) {
        throw new AssertionError(failure.getCause());
      }
    }
  }

  private void finish(List<ScriptedMatch> matches, List<Future<?>> playing) throws Exception {
    join(playing);
    matches.forEach(ScriptedMatch::assertIsWhatItsActionsGive);
    System.out.printf(
        "%d matches, %d sockets connected again, the next action of a room came after %,d ms%n",
        matches.size(),
        matches.stream().mapToInt(ScriptedMatch::reconnects).sum(),
        pace.waitedMillisMax());
    assertThat(pace.waitedMillisMax()).isLessThan(WAITED_MILLIS_MAX);
  }

  /** Rooms that had more than one owner. */
  private static int takenOver() {
    return DatabaseInvariants.texts(
            cluster.database(), "SELECT name FROM lease WHERE name LIKE 'match/%' AND epoch > 1")
        .size();
  }

  @Test
  void goesOnWhenTheOwnerIsKilled() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<ScriptedMatch> matches = startMatches(200, cluster::uris, threads);
      List<Future<?>> playing = playUntilFault(matches, threads);
      int before = takenOver();
      pace.allow(ALL);
      pace.awaitTotal(3L * matches.size());
      pace.recordFault();
      cluster.node(0).kill();
      finish(matches, playing);
      assertThat(takenOver()).isGreaterThan(before);
    }
    cluster.restart(0);
  }

  @Test
  void refusesTheWritesOfAnOwnerThatWasPaused() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<ScriptedMatch> matches = startMatches(60, cluster::uris, threads);
      List<Future<?>> playing = playUntilFault(matches, threads);
      int before = takenOver();
      pace.recordFault();
      NodeProcess paused = cluster.node(1);
      paused.pause();
      try {
        pace.allow(ALL);
        Eventually.holds(() -> takenOver() > before);
      } finally {
        paused.unpause();
      }
      finish(matches, playing);
    }
  }

  @Test
  void handsRoomsOverWhenANodeIsReplaced() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<ScriptedMatch> matches = startMatches(100, cluster::uris, threads);
      List<Future<?>> playing = playUntilFault(matches, threads);
      pace.recordFault();
      pace.allow(BEFORE + 2);
      assertThat(cluster.node(2).stop()).isZero();
      pace.awaitTotal((BEFORE + 2L) * matches.size());
      System.out.printf("rooms of a stopped node went on after %,d ms%n", pace.waitedMillisMax());
      cluster.restart(2);
      pace.allow(ALL);
      finish(matches, playing);
    }
  }

  @Test
  void goesOnWhenASingleNodeOnSqliteIsRestarted(@TempDir Path folder) throws Exception {
    int port = NodeProcess.freePort();
    NodeProcess node = NodeProcess.start(folder, port, SETTINGS);
    List<URI> nodes = List.of(node.uri(""));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<ScriptedMatch> matches = startMatches(30, () -> nodes, threads);
      List<Future<?>> playing = playUntilFault(matches, threads);
      pace.allow(ALL);
      pace.awaitTotal(3L * matches.size());
      pace.recordFault();
      node.kill();
      node = NodeProcess.start(folder, port, SETTINGS);
      finish(matches, playing);
    } finally {
      node.close();
    }
  }
}

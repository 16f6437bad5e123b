package dev.rookery.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.loadtest.NodeMetricsCheck.Footprint;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.NetworkNamespaces;
import dev.rookery.testkit.ProcessCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three nodes in processes of their own, and players who gather, talk, move, lose their connection
 * and resume while something breaks. Afterwards whatever was acknowledged is stored once, every
 * client knows what is stored, no event was missed or heard twice, nothing has two owners, and
 * nothing is left behind.
 *
 * <p>{@code -Drookery.faults=long} breaks things for as long, and with as many, as operators fear;
 * see scripts/faults.
 */
@Timeout(900)
final class FaultsIT {
  private static final boolean LONG = "long".equals(System.getProperty("rookery.faults"));
  private static final int MORE = LONG ? 2_000 : 75;
  private static final Duration SERVED_AGAIN_WITHIN = Duration.ofSeconds(LONG ? 5 : 10);
  // Caches and pools of threads are given time, not the last byte and thread.
  private static final Footprint ALLOWED = new Footprint(LONG ? 24 : 8, 8, 32, 24);

  private static ProcessCluster cluster;

  private final long seed = System.nanoTime();
  private List<Footprint> before;
  private OwnershipMonitor owners;

  @BeforeAll
  static void start(@TempDir Path folder) {
    cluster = ProcessCluster.start(3, folder, Map.of("DRAIN_DELAY", "2s"));
    // What a node makes once, and keeps, is made.
    try (var playing = play(1)) {
      playing.goOn(MORE);
      playing.end();
    }
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @BeforeEach
  void look() {
    System.out.println("seed " + seed);
    NodeMetricsCheck.nobodyIsLeft(cluster);
    before = NodeMetricsCheck.footprints(cluster);
    owners = OwnershipMonitor.watch(cluster);
  }

  @AfterEach
  void nothingIsLeftBehind() throws InterruptedException {
    owners.end();
    NodeMetricsCheck.nobodyIsLeft(cluster);
    NodeMetricsCheck.areBackAt(before, cluster, ALLOWED);
    DatabaseInvariants.isSound(cluster.database());
  }

  private static BackgroundPlay play(long seed) {
    return BackgroundPlay.begin(
        cluster.uris(),
        seed,
        Map.of(
            LoadParameter.PLAYERS, LONG ? 200 : 24,
            LoadParameter.LOBBIES, LONG ? 25 : 4,
            LoadParameter.THINK_MS, LONG ? 1_000 : 100));
  }

  @Test
  void aKilledNodeLosesNothing() {
    try (var playing = play(seed)) {
      playing.goOn(MORE);
      for (int times = 0; times < (LONG ? 5 : 1); times++) {
        int owner = OwnershipMonitor.of(cluster, OwnershipMonitor.DUTY);
        double done = OwnershipMonitor.doneByOthers(cluster, owner, OwnershipMonitor.DUTY);
        long start = System.nanoTime();
        cluster.node(owner).kill();
        Eventually.holds(
            () -> OwnershipMonitor.doneByOthers(cluster, owner, OwnershipMonitor.DUTY) > done);
        var away = Duration.ofNanos(System.nanoTime() - start);
        System.out.printf("what it owned was served again after %,d ms%n", away.toMillis());
        assertThat(away).isLessThan(SERVED_AGAIN_WITHIN);
        playing.goOn(MORE);
        cluster.restart(owner);
        playing.goOn(MORE);
      }
      playing.end();
    }
  }

  @Test
  void aPausedNodeDoesNoHarmWhenItGoesOn() {
    try (var playing = play(seed)) {
      playing.goOn(MORE);
      int owner = OwnershipMonitor.of(cluster, OwnershipMonitor.DUTY);
      cluster.node(owner).pause();
      try {
        playing.goOn(Duration.ofSeconds(LONG ? 60 : 6));
        var claims = NodeMetricsCheck.claimsOnWaking(cluster.node(owner));
        cluster.node(owner).unpause();
        assertThat(claims.join()).as("what it takes for its own, before it knows").isEmpty();
      } finally {
        cluster.node(owner).unpause();
      }
      playing.goOn(MORE);
      playing.end();
    }
  }

  @Test
  void nodesThatAreCutFromEachOtherLoseNoEvent() {
    NetworkNamespaces network = cluster.network().orElse(null);
    Assumptions.assumeTrue(network != null, "needs root, to create network namespaces");
    try (var playing = play(seed)) {
      playing.goOn(MORE);
      network.cut(0, 1);
      network.cut(0, 2);
      network.cut(1, 2);
      try {
        playing.goOn(Duration.ofSeconds(LONG ? 60 : 6));
      } finally {
        network.restore(0, 1);
        network.restore(0, 2);
        network.restore(1, 2);
      }
      playing.goOn(MORE);
      playing.end();
    }
  }

  @Test
  void aDatabaseThatIsStartedAgainHasEverythingThatWasAcknowledged() {
    try (var playing = play(seed)) {
      playing.goOn(MORE);
      cluster.postgres().stop();
      cluster.postgres().start();
      playing.goOn(MORE);
      playing.end();
    }
  }

  @Test
  void noCommandFailsWhileNodesAreStartedAgainOneByOne() {
    try (var playing = play(seed)) {
      playing.goOn(MORE);
      for (int i = 0; i < (LONG ? cluster.size() : 1); i++) {
        assertThat(cluster.node(i).stop()).isZero();
        cluster.restart(i);
        playing.goOn(MORE);
      }
      playing.end();
      assertThat(playing.figures().lastRetry()).as("a command that had to be repeated").isNull();
    }
  }

  @Test
  void aClientThatStopsReadingIsClosedAndNobodyElseNotices() {
    try (var playing = play(seed)) {
      playing.goOn(MORE);
      double before = slow();
      playing.watchDeaf(cluster.node(0).uri(""));
      playing.shout(() -> slow() > before);
      playing.goOn(MORE);
      assertThat(slow()).isEqualTo(before + 1);
      playing.end();
    }
  }

  private static double slow() {
    return NodeMetricsCheck.metric(cluster.node(0), "rookery_sockets_overflows_total");
  }

  @Test
  void everybodyComesBackAtOnce() {
    int players = LONG ? 5_000 : 200;
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
    try (var playing = BackgroundPlay.begin(cluster.uris(), seed, numbers)) {
      playing.goOn(MORE);
      long start = System.nanoTime();
      playing.dropAll();
      playing.connectAll();
      System.out.printf(
          "%,d players were back within %.1f s%n", players, (System.nanoTime() - start) / 1e9);
      playing.end();
      assertThat(playing.figures().resumes()).isGreaterThanOrEqualTo(players);
    }
  }
}

package dev.rookery.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.NodeProcess;
import dev.rookery.testkit.ProcessCluster;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * Watches the leases while nodes come and go: no epoch has two owners, no epoch comes back, no two
 * nodes claim the same lease at the same time, and in the end exactly one node claims each.
 */
final class OwnershipMonitor {
  /** The matchmaking job. */
  static final String JOB = "matchmaking";

  private static final List<String> JOBS = List.of(JOB, "history", "presence", "ended nodes");
  private static final String KIND = "duty/";
  private static final Duration LEASES_INTERVAL = Duration.ofMillis(10);
  private static final Duration CLAIMS_TIMEOUT = Duration.ofSeconds(1);
  private static final Duration CLAIMS_INTERVAL = Duration.ofMillis(250);

  private final ProcessCluster cluster;
  private final Map<String, Long> epochs = new HashMap<>();
  private final Map<String, String> runs = new HashMap<>();
  private final Set<String> violations = ConcurrentHashMap.newKeySet();
  private final Thread watcher;
  private volatile boolean stopped;
  private volatile long checks;
  private volatile long claimChecks;

  private OwnershipMonitor(ProcessCluster cluster) {
    this.cluster = cluster;
    this.watcher = Thread.ofVirtual().unstarted(this::watch);
  }

  static OwnershipMonitor watch(ProcessCluster cluster) {
    var monitor = new OwnershipMonitor(cluster);
    monitor.watcher.start();
    return monitor;
  }

  private void watch() {
    long lastClaimsNanos = System.nanoTime();
    while (!stopped) {
      try (Connection connection = DatabaseInvariants.connect(cluster.database())) {
        while (!stopped) {
          checkLeases(connection);
          checks++;
          if (System.nanoTime() - lastClaimsNanos > CLAIMS_INTERVAL.toNanos()) {
            checkClaims(connection);
            claimChecks++;
            lastClaimsNanos = System.nanoTime();
          }
          Eventually.pause(LEASES_INTERVAL);
        }
      } catch (AssertionError | SQLException _) {
        // The fault of the test is in the database.
        Eventually.pause(LEASES_INTERVAL);
      }
    }
  }

  /**
   * Asks every node for its claims; they are compared only if the epoch did not change meanwhile.
   */
  private void checkClaims(Connection connection) {
    Map<String, Long> before = Map.copyOf(epochs);
    var claims = new HashMap<String, Integer>();
    for (int i = 0; i < cluster.size(); i++) {
      try {
        NodeMetricsCheck.claims(cluster.node(i), CLAIMS_TIMEOUT)
            .forEach(job -> claims.merge(job, 1, Integer::sum));
      } catch (AssertionError _) {
        // The fault of the test is in this node.
      }
    }
    checkLeases(connection);
    claims.forEach(
        (job, nodes) -> {
          Long epoch = epochs.get(KIND + job);
          if (nodes > 1 && epoch != null && epoch.equals(before.get(KIND + job))) {
            violations.add(job + " was claimed by " + nodes + " nodes in epoch " + epoch);
          }
        });
  }

  private void checkLeases(Connection connection) {
    DatabaseInvariants.texts(connection, "SELECT name || '|' || run || '|' || epoch FROM lease")
        .forEach(this::checkLease);
  }

  private void checkLease(String lease) {
    String[] parts = lease.split("\\|");
    long epoch = Long.parseLong(parts[2]);
    Long before = epochs.put(parts[0], epoch);
    if (before != null && before > epoch) {
      violations.add(parts[0] + " went back from epoch " + before + " to " + epoch);
    }
    // A lease that is released belongs to no run before another one acquires it.
    String run = parts[1];
    String owner = run.equals("0") ? null : runs.putIfAbsent(parts[0] + "/" + epoch, run);
    if (owner != null && !owner.equals(run)) {
      violations.add(parts[0] + " had two owners in epoch " + epoch + ": " + owner + ", " + run);
    }
  }

  /** The node that claims the job; -1 for none, or more than one. */
  static int ownerOf(ProcessCluster cluster, String job) {
    int owner = -1;
    for (int i = 0; i < cluster.size(); i++) {
      if (holds(cluster.node(i), job)) {
        if (owner >= 0) {
          return -1;
        }
        owner = i;
      }
    }
    return owner;
  }

  /** Number of runs of the job on nodes other than that one. */
  static double runsByOthers(ProcessCluster cluster, int node, String job) {
    return IntStream.range(0, cluster.size())
        .filter(i -> i != node)
        .mapToDouble(
            i ->
                NodeMetricsCheck.metric(
                    cluster.node(i),
                    "rookery_duties_seconds_count{duty=\"" + job + "\",outcome=\"done\""))
        .sum();
  }

  private static boolean holds(NodeProcess node, String job) {
    return NodeMetricsCheck.metric(node, "rookery_duties_held{duty=\"" + job + "\"") > 0;
  }

  /** Waits until every job has one owner, and asserts that no violation was seen. */
  void finish() throws InterruptedException {
    for (String job : JOBS) {
      Eventually.holds(() -> ownerOf(cluster, job) >= 0);
    }
    stopped = true;
    watcher.join();
    assertThat(violations).isEmpty();
    assertThat(checks).isPositive();
    assertThat(claimChecks).isPositive();
    assertThat(runs).isNotEmpty();
  }
}

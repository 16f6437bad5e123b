package dev.rookery.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.NodeProcess;
import dev.rookery.testkit.ProcessCluster;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * Watches who owns what while nodes come and go: no tenure has two owners, none comes back, no two
 * nodes are certain at once to have the same thing, and in the end exactly one takes each for its
 * own.
 */
final class OwnershipMonitor {
  /** Players who look for a match wait for whoever has it. */
  static final String DUTY = "matchmaking";

  private static final List<String> DUTIES = List.of(DUTY, "history", "presence", "ended nodes");
  private static final String KIND = "duty/";
  private static final Duration ASKED_WITHIN = Duration.ofSeconds(1);
  private static final Duration ASKED_EVERY = Duration.ofMillis(250);

  private final ProcessCluster cluster;
  private final Map<String, Long> epochs = new HashMap<>();
  private final Map<String, String> runs = new HashMap<>();
  private final Set<String> wrong = ConcurrentHashMap.newKeySet();
  private final Thread watching;
  private volatile boolean over;
  private volatile long looks;
  private volatile long asked;

  private OwnershipMonitor(ProcessCluster cluster) {
    this.cluster = cluster;
    this.watching = Thread.ofVirtual().unstarted(this::watch);
  }

  static OwnershipMonitor watch(ProcessCluster cluster) {
    var owners = new OwnershipMonitor(cluster);
    owners.watching.start();
    return owners;
  }

  private void watch() {
    long askedNanos = System.nanoTime();
    while (!over) {
      try {
        look();
        looks++;
        if (System.nanoTime() - askedNanos > ASKED_EVERY.toNanos()) {
          ask();
          asked++;
          askedNanos = System.nanoTime();
        }
      } catch (AssertionError _) {
        // The database is what is being broken.
      }
      Eventually.pause();
    }
  }

  /** Asks every node what it has; good for what was one tenure from before to after that. */
  private void ask() {
    Map<String, Long> before = Map.copyOf(epochs);
    var claims = new HashMap<String, Integer>();
    for (int i = 0; i < cluster.size(); i++) {
      try {
        NodeMetricsCheck.claims(cluster.node(i), ASKED_WITHIN)
            .forEach(duty -> claims.merge(duty, 1, Integer::sum));
      } catch (AssertionError _) {
        // It is the node that is being broken.
      }
    }
    look();
    claims.forEach(
        (duty, nodes) -> {
          Long epoch = epochs.get(KIND + duty);
          if (nodes > 1 && epoch != null && epoch.equals(before.get(KIND + duty))) {
            wrong.add(duty + " was taken for their own by " + nodes + " nodes in tenure " + epoch);
          }
        });
  }

  private void look() {
    DatabaseInvariants.texts(
            cluster.database(), "SELECT name || '|' || run || '|' || epoch FROM lease")
        .forEach(this::look);
  }

  private void look(String lease) {
    String[] parts = lease.split("\\|");
    long epoch = Long.parseLong(parts[2]);
    Long before = epochs.put(parts[0], epoch);
    if (before != null && before > epoch) {
      wrong.add(parts[0] + " went back from tenure " + before + " to " + epoch);
    }
    // A tenure that ends in order is nobody's before it is another's.
    String run = parts[1];
    String owner = run.equals("0") ? null : runs.putIfAbsent(parts[0] + "/" + epoch, run);
    if (owner != null && !owner.equals(run)) {
      wrong.add(parts[0] + " had two owners in tenure " + epoch + ": " + owner + ", " + run);
    }
  }

  /** Which node takes the duty for its own; -1 for none, or more than one. */
  static int of(ProcessCluster cluster, String duty) {
    int owner = -1;
    for (int i = 0; i < cluster.size(); i++) {
      if (holds(cluster.node(i), duty)) {
        if (owner >= 0) {
          return -1;
        }
        owner = i;
      }
    }
    return owner;
  }

  /** How often nodes other than that one have done the duty. */
  static double doneByOthers(ProcessCluster cluster, int node, String duty) {
    return IntStream.range(0, cluster.size())
        .filter(i -> i != node)
        .mapToDouble(
            i ->
                NodeMetricsCheck.metric(
                    cluster.node(i),
                    "rookery_duties_seconds_count{duty=\"" + duty + "\",outcome=\"done\""))
        .sum();
  }

  private static boolean holds(NodeProcess node, String duty) {
    return NodeMetricsCheck.metric(node, "rookery_duties_held{duty=\"" + duty + "\"") > 0;
  }

  /** When everything works again: nothing of it was seen. */
  void end() throws InterruptedException {
    for (String duty : DUTIES) {
      Eventually.holds(() -> of(cluster, duty) >= 0);
    }
    over = true;
    watching.join();
    assertThat(wrong).isEmpty();
    assertThat(looks).isPositive();
    assertThat(asked).isPositive();
    assertThat(runs).isNotEmpty();
  }
}

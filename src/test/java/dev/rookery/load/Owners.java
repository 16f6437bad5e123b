package dev.rookery.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.NodeProcess;
import dev.rookery.testkit.ProcessCluster;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Watches who owns what while nodes come and go: no tenure has two owners, none comes back, and in
 * the end exactly one node takes each thing for its own.
 */
final class Owners {
  static final String DUTY = "history";
  private static final List<String> DUTIES = List.of(DUTY, "presence", "ended nodes");

  private final ProcessCluster cluster;
  private final Map<String, Long> epochs = new HashMap<>();
  private final Map<String, String> runs = new HashMap<>();
  private final Set<String> wrong = ConcurrentHashMap.newKeySet();
  private final Thread watching;
  private volatile boolean over;
  private volatile long looks;

  private Owners(ProcessCluster cluster) {
    this.cluster = cluster;
    this.watching = Thread.ofVirtual().unstarted(this::watch);
  }

  static Owners watch(ProcessCluster cluster) {
    var owners = new Owners(cluster);
    owners.watching.start();
    return owners;
  }

  private void watch() {
    Databases.Place database = cluster.database();
    while (!over) {
      try {
        Stored.texts(database, "SELECT name || '|' || run || '|' || epoch FROM lease")
            .forEach(this::look);
        looks++;
      } catch (AssertionError _) {
        // The database is what is being broken.
      }
      Eventually.moment();
    }
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

  private static boolean holds(NodeProcess node, String duty) {
    return Vitals.metric(node, "rookery_duties_held{duty=\"" + duty + "\"") > 0;
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
    assertThat(runs).isNotEmpty();
  }
}

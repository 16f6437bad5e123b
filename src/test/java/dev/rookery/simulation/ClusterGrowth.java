package dev.rookery.simulation;

import dev.rookery.cluster.HeartbeatSettings;
import dev.rookery.cluster.SimulatedDetection;
import dev.rookery.lease.SimulatedTakeover;
import dev.rookery.protocol.phoenix.SimulatedReconnects;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * A cluster of so many nodes that loses a third of them at once. Every node has the same number of
 * clients, rooms and commits, so a cluster that has twice the nodes does twice the work; what is
 * counted shows what each node and the database have to do for being many.
 *
 * <p>Time is simulated and the seed fixed: the same figures every time. Failure detection, shares
 * of leases and admission of joins are the product's own classes.
 */
final class ClusterGrowth {
  static final int[] SIZES = {10, 25, 50, 100};

  private static final int CLIENTS = 1_000;
  private static final int ROOMS = 50;
  private static final int COMMITS_PER_SECOND = 20;
  private static final int LEASE_KINDS = 5;
  private static final int OFFER_SECONDS = 5;
  private static final int LISTS_PER_OFFER = 2;
  private static final int SHARDS = 64;
  private static final int RUNS_BEFORE = 1_000;
  private static final int THIRD = 3;

  private ClusterGrowth() {}

  /**
   * What was counted; nothing in it is a measurement.
   *
   * @param statementsPerSecond against the database for being a cluster, by all nodes, while
   *     nothing happens: heartbeats, heads of streams, leases without an owner
   * @param rowsPerSecond rows of nodes that heartbeats read
   * @param messagesPerNode events of other nodes that each receives in a second
   * @param subscriptions in the registry of the cluster, of all nodes
   * @param leasesMax of the node that owns the most after the loss
   * @param deathStatements that declare the lost nodes dead
   * @param takeoverStatements that find new owners
   * @param connects that clients tried to open
   * @param joinsMax of the node that served the most
   * @param servedMillis from the loss until all rooms have an owner
   * @param backMillis from the loss until all clients are back
   */
  record Counts(
      int nodes,
      double statementsPerSecond,
      double rowsPerSecond,
      double messagesPerNode,
      int subscriptions,
      int leasesMax,
      int deathStatements,
      int takeoverStatements,
      int connects,
      int joinsMax,
      double servedMillis,
      double backMillis) {}

  static Counts simulate(int nodes) {
    var random = new Random(nodes);
    int dead = nodes / THIRD;
    var detection = SimulatedDetection.run(nodes, dead, random);
    var takeover = takeOver(nodes, dead, random);
    var reconnects = SimulatedReconnects.run(nodes, dead, CLIENTS, random);
    double polls = nodes * (1 + (double) LEASE_KINDS * LISTS_PER_OFFER / OFFER_SECONDS);
    return new Counts(
        nodes,
        detection.statementsPerSecond() + polls,
        detection.rowsPerSecond(),
        (double) (nodes - 1) * COMMITS_PER_SECOND,
        nodes * SHARDS,
        ROOMS + takeover.takenMax(),
        detection.marks(),
        takeover.statements(),
        reconnects.attempts(),
        reconnects.joinsMax(),
        detection.millis() + takeover.millis(),
        reconnects.millis());
  }

  private static SimulatedTakeover.Outcome takeOver(int nodes, int dead, Random random) {
    var orphans = new ArrayList<String>();
    for (int room = 0; room < dead * ROOMS; room++) {
      orphans.add("match/" + Long.toHexString(random.nextLong()));
    }
    // Each learns of it with its next heartbeat.
    int within = (int) HeartbeatSettings.DEFAULT.interval().toMillis() * 1_000;
    Map<Long, Long> starts = new HashMap<>();
    for (int node = dead; node < nodes; node++) {
      starts.put((long) RUNS_BEFORE + node, (long) random.nextInt(within));
    }
    return SimulatedTakeover.run(orphans, starts);
  }

  static List<Counts> all() {
    var all = new ArrayList<Counts>();
    for (int size : SIZES) {
      all.add(simulate(size));
    }
    return all;
  }

  /** The table of the documentation. */
  static String table(List<Counts> all) {
    var text = new StringBuilder("| nodes |");
    all.forEach(counts -> text.append(' ').append(counts.nodes).append(" |"));
    text.append("\n|---|").append("---:|".repeat(all.size())).append('\n');
    for (Row row : Row.values()) {
      text.append("| ").append(row.title).append(" |");
      for (Counts counts : all) {
        text.append(String.format(Locale.ROOT, " %,.0f |", row.of(counts)));
      }
      text.append('\n');
    }
    return text.toString();
  }

  /** The rows of the table. */
  enum Row {
    STATEMENTS("statements a second, of all nodes, for being a cluster"),
    MESSAGES("events of others that a node receives a second"),
    SUBSCRIPTIONS("addresses in the registry of the cluster"),
    LEASES("leases of the node that owns the most, after the loss"),
    DEATHS("statements that declare a third of the nodes dead"),
    TAKEOVERS("statements until all their rooms have an owner"),
    CONNECTS("connections that their clients try"),
    JOINS("joins of the node that serves the most of them"),
    SERVED("ms until all rooms have an owner"),
    BACK("ms until all clients are back"),
    ROWS("rows a second that heartbeats read, of all nodes");

    private final String title;

    Row(String title) {
      this.title = title;
    }

    double of(Counts counts) {
      return switch (this) {
        case STATEMENTS -> counts.statementsPerSecond;
        case MESSAGES -> counts.messagesPerNode;
        case SUBSCRIPTIONS -> counts.subscriptions;
        case LEASES -> counts.leasesMax;
        case DEATHS -> counts.deathStatements;
        case TAKEOVERS -> counts.takeoverStatements;
        case CONNECTS -> counts.connects;
        case JOINS -> counts.joinsMax;
        case SERVED -> counts.servedMillis;
        case BACK -> counts.backMillis;
        case ROWS -> counts.rowsPerSecond;
      };
    }
  }
}

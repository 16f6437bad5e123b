package dev.rookery.protocol.phoenix;

import io.vertx.core.Promise;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;

/**
 * Clients of dead nodes that come back with the delays of the JavaScript client of Phoenix, in
 * simulated time, through the {@link JoinLimiter} of each node. The balancer sends them to dead
 * nodes too until it notices.
 */
public final class SimulatedReconnects {
  private static final int[] DELAYS_MS = {10, 50, 100, 150, 200, 250, 500, 1_000, 2_000, 5_000};
  private static final int NOTICED_MS = 2_000;
  private static final int NOTICE_SPREAD_MS = 100;

  // With 128 joins at a time these are 4,000 a second and node.
  private static final int JOIN_MS = 32;

  private final PriorityQueue<Step> steps =
      new PriorityQueue<>(Comparator.comparingLong(Step::atMs).thenComparingLong(Step::order));
  private final Random random;
  private final int nodes;
  private final int dead;
  private final JoinLimiter[] limiters;
  private final int[] running;
  private final int[] joins;
  private long order;
  private int attempts;
  private int runningMax;
  private long nowMs;
  private long lastMs;

  private record Step(long atMs, long order, Runnable action) {}

  /**
   * @param attempts connections that clients tried to open
   * @param joinsMax joins that the node served that served the most
   * @param runningMax joins that a node served at the same time
   * @param millis until the last client was back
   */
  public record Outcome(int attempts, int joinsMax, int runningMax, double millis) {}

  private SimulatedReconnects(int nodes, int dead, Random random) {
    this.nodes = nodes;
    this.dead = dead;
    this.random = random;
    this.running = new int[nodes];
    this.joins = new int[nodes];
    this.limiters = new JoinLimiter[nodes];
    for (int node = 0; node < nodes; node++) {
      limiters[node] = new JoinLimiter(new LongAdder());
    }
  }

  /** The first {@code dead} of the nodes die, each with so many clients. */
  public static Outcome run(int nodes, int dead, int clients, Random random) {
    var simulation = new SimulatedReconnects(nodes, dead, random);
    for (int client = 0; client < dead * clients; client++) {
      simulation.retry(random.nextInt(NOTICE_SPREAD_MS), 0);
    }
    while (!simulation.steps.isEmpty()) {
      Step step = simulation.steps.remove();
      simulation.nowMs = step.atMs;
      step.action.run();
    }
    int most = 0;
    for (int count : simulation.joins) {
      most = Math.max(most, count);
    }
    return new Outcome(simulation.attempts, most, simulation.runningMax, simulation.lastMs);
  }

  private void at(long ms, Runnable action) {
    steps.add(new Step(ms, order++, action));
  }

  private void retry(long fromMs, int attempt) {
    int delay = DELAYS_MS[Math.min(attempt, DELAYS_MS.length - 1)];
    at(fromMs + delay, () -> connect(attempt));
  }

  private void connect(int attempt) {
    attempts++;
    int first = nowMs < NOTICED_MS ? 0 : dead;
    int node = first + random.nextInt(nodes - first);
    if (node < dead) {
      retry(nowMs, attempt + 1);
      return;
    }
    limiters[node].submit(
        false,
        true,
        () -> true,
        () -> {
          Promise<Void> joined = Promise.promise();
          runningMax = Math.max(runningMax, ++running[node]);
          at(nowMs + JOIN_MS, () -> end(node, joined));
          return joined.future();
        },
        () -> retry(nowMs, attempt + 1),
        () -> retry(nowMs, attempt + 1));
  }

  private void end(int node, Promise<Void> joined) {
    running[node]--;
    joins[node]++;
    lastMs = nowMs;
    joined.complete();
  }
}

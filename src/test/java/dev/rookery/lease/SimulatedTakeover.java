package dev.rookery.lease;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeSet;

/**
 * Nodes take over orphaned leases, each by its {@link OrphanShare}, in simulated time: a statement
 * takes a fixed time, and each node waits for one before it sends the next.
 */
public final class SimulatedTakeover {
  private static final int BATCH_MAX = 1_000;
  private static final long STATEMENT_MICROS = 2_000;

  private final TreeSet<String> orphans;
  private final PriorityQueue<Step> steps =
      new PriorityQueue<>(Comparator.comparingLong(Step::atMicros).thenComparingLong(Step::run));
  private final Map<Long, OrphanShare> shares = new HashMap<>();
  private final Map<Long, Integer> taken = new HashMap<>();
  private int lists;
  private int attempts;
  private long lastMicros;

  /** What a node does next; a list if there is no lease to try. */
  private record Step(long atMicros, long run, List<String> untried) {}

  /**
   * @param statements that were sent to the database
   * @param attempts those of them that try to acquire a lease
   * @param takenMax how many leases the node got that got the most
   * @param millis until the last lease was acquired
   */
  public record Outcome(int statements, int attempts, int takenMax, double millis) {}

  private SimulatedTakeover(List<String> orphans) {
    this.orphans = new TreeSet<>(orphans);
  }

  /**
   * @param startMicros by run, when each node begins
   */
  public static Outcome run(List<String> orphans, Map<Long, Long> startMicros) {
    var simulation = new SimulatedTakeover(orphans);
    startMicros.forEach(
        (run, at) -> {
          simulation.shares.put(run, new OrphanShare(run, startMicros.size()));
          simulation.steps.add(new Step(at, run, List.of()));
        });
    while (!simulation.steps.isEmpty()) {
      simulation.execute(simulation.steps.remove());
    }
    if (!simulation.orphans.isEmpty()) {
      throw new IllegalStateException(simulation.orphans.size() + " leases have no owner");
    }
    int most = simulation.taken.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    return new Outcome(
        simulation.lists + simulation.attempts,
        simulation.attempts,
        most,
        simulation.lastMicros / 1_000.0);
  }

  private void execute(Step step) {
    if (step.untried.isEmpty()) {
      lists++;
      var found = new ArrayList<>(orphans.stream().limit(BATCH_MAX).toList());
      List<String> next = shares.get(step.run).next(found);
      if (!next.isEmpty()) {
        steps.add(new Step(step.atMicros + STATEMENT_MICROS, step.run, next));
      }
      return;
    }
    attempts++;
    if (orphans.remove(step.untried.getFirst())) {
      taken.merge(step.run, 1, Integer::sum);
      lastMicros = step.atMicros + STATEMENT_MICROS;
    }
    steps.add(
        new Step(
            step.atMicros + STATEMENT_MICROS,
            step.run,
            step.untried.subList(1, step.untried.size())));
  }
}

package dev.rookery.cluster;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * Nodes that send heartbeats and watch those of the others with their {@link FailureDetector}, in
 * simulated time; some of them die at the same moment.
 */
public final class SimulatedDetection {
  private static final HeartbeatSettings SETTINGS = HeartbeatSettings.DEFAULT;
  private static final long INTERVAL = SETTINGS.interval().toNanos();
  private static final long STATEMENT = 2_000_000;
  private static final long DEATH = 10 * INTERVAL;
  private static final int STATEMENTS_PER_CHECK = 2;

  private final long[] beats;
  private final boolean[] marked;
  private final FailureDetector[] detectors;
  private final PriorityQueue<Step> steps =
      new PriorityQueue<>(Comparator.comparingLong(Step::at).thenComparingInt(Step::node));
  private final int dead;
  private int checksBeforeDeath;
  private int marks;
  private long lastMark;

  /** A check, or the marks that remain of one. */
  private record Step(long at, int node, List<Member> silent) {}

  /**
   * @param statementsPerSecond of all nodes, while nothing happens
   * @param rowsPerSecond that they read
   * @param marks statements that declare a run dead
   * @param millis from the death until the last dead run was declared dead
   */
  public record Outcome(
      double statementsPerSecond, double rowsPerSecond, int marks, double millis) {}

  private SimulatedDetection(int nodes, int dead, Random random) {
    this.beats = new long[nodes];
    this.marked = new boolean[nodes];
    this.detectors = new FailureDetector[nodes];
    this.dead = dead;
    for (int node = 0; node < nodes; node++) {
      detectors[node] = new FailureDetector(SETTINGS);
      steps.add(new Step(random.nextLong(INTERVAL), node, List.of()));
    }
  }

  /** The first {@code dead} of the nodes die. */
  public static Outcome run(int nodes, int dead, Random random) {
    var simulation = new SimulatedDetection(nodes, dead, random);
    while (simulation.living() > nodes - dead) {
      simulation.execute(simulation.steps.remove());
    }
    double seconds = DEATH / 1e9;
    return new Outcome(
        STATEMENTS_PER_CHECK * simulation.checksBeforeDeath / seconds,
        (double) nodes * simulation.checksBeforeDeath / seconds,
        simulation.marks,
        (simulation.lastMark - DEATH) / 1e6);
  }

  private int living() {
    int living = 0;
    for (boolean gone : marked) {
      living += gone ? 0 : 1;
    }
    return living;
  }

  private void execute(Step step) {
    if (step.node < dead && step.at >= DEATH) {
      return;
    }
    if (step.silent.isEmpty()) {
      check(step);
      return;
    }
    int silent = (int) step.silent.getFirst().run();
    marks++;
    if (!marked[silent]) {
      marked[silent] = true;
      lastMark = step.at;
    }
    next(step.at, step.node, step.silent.subList(1, step.silent.size()));
  }

  private void check(Step step) {
    beats[step.node]++;
    if (step.at < DEATH) {
      checksBeforeDeath++;
    }
    var living = new ArrayList<Member>();
    for (int node = 0; node < beats.length; node++) {
      if (node != step.node && !marked[node]) {
        living.add(member(node));
      }
    }
    next(step.at, step.node, detectors[step.node].findSilent(living, step.at));
  }

  /** Marks the runs one after the other, then waits for the next heartbeat. */
  private void next(long at, int node, List<Member> silent) {
    steps.add(new Step(at + (silent.isEmpty() ? INTERVAL : STATEMENT), node, silent));
  }

  private Member member(int node) {
    return new Member(node, "node-" + node, "1", Instant.EPOCH, true, beats[node], 0, false, 0, 0);
  }
}

package dev.rookery.loadrun;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a run does.
 *
 * @param node that starts the process
 * @param ramp over which the players sign in
 * @param time of the measurement, after the ramp
 * @param p99MaxMs above which the run stops
 * @param removes whether its players are deleted at its end
 */
public record LoadPlan(
    LoadScenario scenario,
    String node,
    int players,
    Duration ramp,
    Duration time,
    int p99MaxMs,
    boolean removes) {
  /** The arguments of the load test, without those of a process that a node started. */
  public List<String> arguments(String address) {
    var arguments = new ArrayList<String>();
    arguments.add(scenario.text());
    arguments.add("--node=" + address);
    arguments.addAll(scenario.arguments(players));
    arguments.add("--ramp=" + ramp.toSeconds());
    arguments.add("--ramp-players=" + players);
    arguments.add("--seconds=" + time.toSeconds());
    return arguments;
  }
}

package dev.rookery.loadtest;

import java.util.Random;

/**
 * Calls an action so many times a second on average, at random and independent times, as many
 * players do who do not know of each other. Confined to the one event loop.
 */
final class PoissonArrivals {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double NANOS_PER_MILLI = 1e6;
  private static final int AT_ONCE_MAX = 1_000;

  private final ScenarioContext context;
  private final Random random;
  private final double perSecond;
  private final Runnable action;
  private double due;
  private boolean stopped;

  PoissonArrivals(ScenarioContext context, Random random, double perSecond, Runnable action) {
    this.context = context;
    this.random = random;
    this.perSecond = perSecond;
    this.action = action;
  }

  void start() {
    if (perSecond > 0) {
      due = context.now() + gap();
      schedule();
    }
  }

  void stop() {
    stopped = true;
  }

  private double gap() {
    return -Math.log(1 - random.nextDouble()) * NANOS_PER_SECOND / perSecond;
  }

  private void schedule() {
    long wait = Math.max(1, Math.round((due - context.now()) / NANOS_PER_MILLI));
    context.millis(wait).onSuccess(_ -> callDue());
  }

  private void callDue() {
    long now = context.now();
    for (int i = 0; i < AT_ONCE_MAX && !stopped && due <= now; i++) {
      action.run();
      due += gap();
    }
    if (!stopped) {
      schedule();
    }
  }
}

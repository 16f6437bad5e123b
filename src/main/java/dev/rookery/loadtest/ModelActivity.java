package dev.rookery.loadtest;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/**
 * One thing that the players of a mix do, so many times a second; each time a player does it who
 * has nothing else to do, and does nothing else until it is done. Confined to the one event loop.
 */
final class ModelActivity {
  private final String name;
  private final double perSecond;
  private final List<Supplier<Future<Void>>> free;
  private final ScenarioContext context;
  private final Random random;
  private final PoissonArrivals arrivals;
  private int running;
  private long done;
  private long missed;

  /**
   * @param players what each of them, or each group of them, does; completes when it is done
   */
  ModelActivity(
      ScenarioContext context,
      Random random,
      String name,
      double perSecond,
      List<Supplier<Future<Void>>> players) {
    this.context = context;
    this.random = random;
    this.name = name;
    this.perSecond = players.isEmpty() ? 0 : perSecond;
    this.free = new ArrayList<>(players);
    this.arrivals = new PoissonArrivals(context, random, this.perSecond, this::perform);
  }

  void start() {
    arrivals.start();
  }

  void stop() {
    arrivals.stop();
  }

  /** How many are under way. */
  int running() {
    return running;
  }

  private void perform() {
    if (free.isEmpty()) {
      if (context.metrics().isMeasuring()) {
        missed++;
      }
      return;
    }
    int chosen = random.nextInt(free.size());
    Supplier<Future<Void>> player = free.get(chosen);
    free.set(chosen, free.getLast());
    free.removeLast();
    running++;
    long start = context.now();
    player
        .get()
        .onComplete(
            result -> {
              running--;
              free.add(player);
              if (result.failed()) {
                context.metrics().failed(result.cause());
              } else if (context.metrics().isMeasuring()) {
                done++;
                context.metrics().timed(context.now() - start);
              }
            });
  }

  String note() {
    return ScenarioContext.line(
        "%s: %.2f a second of %.2f%s",
        name,
        done / context.metrics().seconds(),
        perSecond,
        missed == 0 ? "" : ScenarioContext.line(", %,d not started: all were busy", missed));
  }
}

package dev.rookery.game.script;

import dev.rookery.game.GameSession;
import dev.rookery.game.MatchSetup;
import dev.rookery.loadtest.JavaScriptGame;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Prints how much memory the sessions of small and large games use, and what a context takes it to
 * be. Run {@link #main} in a JVM of its own.
 */
public final class SessionMemoryBench {
  private static final int[] ITEMS = {1, 30, 500};
  private static final long NO_BOUND = 1L << 40;
  private static final String BYTES = "rookery.scripts.session.bytes";

  private SessionMemoryBench() {}

  public static void main(String[] arguments) {
    for (int items : ITEMS) {
      measure(items);
    }
  }

  private static void measure(int items) {
    var meters = new SimpleMeterRegistry();
    var limits =
        new ScriptLimits(
            1,
            Duration.ofMinutes(1),
            Duration.ofMinutes(1),
            0,
            1L << 30,
            1 << 20,
            4,
            NO_BOUND,
            1_000_000);
    try (var engine = new ScriptEngine(limits, meters)) {
      ScriptGame game =
          ScriptGame.load(
              engine,
              "test",
              "1",
              "1",
              JavaScriptGame.of(
                  "const game = defineGame({maxPlayers: 2, setup: () => ({items: new Array("
                      + items
                      + ").fill(0).map((_, at) => ({at, name: 'item ' + at, open: true}))}),"
                      + " moves: {}});"));
      start(game, 10);
      int count = 100_000 / (items + 100);
      double estimatedBefore = meters.get(BYTES).gauge().value();
      long before = usedHeap();
      List<GameSession> sessions = start(game, count);
      long used = (usedHeap() - before) / count;
      Reference.reachabilityFence(sessions);
      long estimated = Math.round((meters.get(BYTES).gauge().value() - estimatedBefore) / count);
      System.out.printf("%d items: %,d bytes used, %,d estimated%n", items, used, estimated);
    }
  }

  private static List<GameSession> start(ScriptGame game, int count) {
    var sessions = new ArrayList<GameSession>();
    for (int i = 0; i < count; i++) {
      sessions.add(game.start(new MatchSetup(List.of("0", "1"), "0", "seed" + i, 5)));
    }
    return sessions;
  }

  private static long usedHeap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}

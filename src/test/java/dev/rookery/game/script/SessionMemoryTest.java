package dev.rookery.game.script;

import dev.rookery.game.GameSession;
import dev.rookery.game.MatchSetup;
import dev.rookery.testkit.Eventually;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares the memory that sessions use with what their context takes it to be. */
final class SessionMemoryTest {
  private static final long NO_BOUND = 1L << 40;

  @ParameterizedTest
  @ValueSource(ints = {1, 30, 500})
  void estimatesTheMemoryOfASession(int items) {
    var meters = new SimpleMeterRegistry();
    var limits =
        new ScriptLimits(
            1, Duration.ofMinutes(1), 10_000_000, 1L << 30, 1 << 20, 4, NO_BOUND, 1_000_000);
    try (var engine = new ScriptEngine(limits, meters)) {
      ScriptGame game =
          ScriptGame.load(
              engine,
              "test",
              "1",
              "1",
              ScriptGames.bundle(
                  "const game = defineGame({maxPlayers: 2, setup: () => ({items: new Array("
                      + items
                      + ").fill(0).map((_, at) => ({at, name: 'item ' + at, open: true}))}),"
                      + " moves: {}});"));
      start(game, 10);
      int count = 100_000 / (items + 100);
      // Again, because what other tests of this JVM leave behind may end meanwhile.
      Eventually.holds(
          () -> {
            double estimatedBefore = meters.get("rookery.scripts.session.bytes").gauge().value();
            long before = usedHeap();
            List<GameSession> sessions = start(game, count);
            double used = usedHeap() - before;
            Reference.reachabilityFence(sessions);
            double estimated =
                meters.get("rookery.scripts.session.bytes").gauge().value() - estimatedBefore;
            return used / 2 < estimated && estimated < used * 3;
          });
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

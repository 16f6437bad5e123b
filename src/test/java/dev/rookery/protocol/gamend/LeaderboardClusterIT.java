package dev.rookery.protocol.gamend;

import dev.rookery.testkit.ScoreWalk;
import dev.rookery.testkit.TestCluster;
import dev.rookery.testkit.TestSeed;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Scores are submitted to three nodes at once while one of them is closed and started again; in the
 * end every node ranks as the database does. {@code FaultsIT} does the same with a node that is
 * killed.
 */
final class LeaderboardClusterIT {
  private static final int STEPS = 160;

  @Test
  void everyNodeRanksAsTheDatabaseDoes() throws Exception {
    long seed = TestSeed.of("LeaderboardClusterIT");
    try (var cluster = TestCluster.start(3);
        var walk =
            ScoreWalk.start(
                () -> IntStream.range(0, 3).mapToObj(i -> cluster.node(i).uri("")).toList(),
                seed)) {
      walk.awaitSteps(STEPS);
      cluster.restart(2);
      walk.awaitSteps(STEPS);
      walk.finish(cluster.testDatabase());
    }
  }
}

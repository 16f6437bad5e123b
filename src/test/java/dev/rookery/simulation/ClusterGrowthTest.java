package dev.rookery.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.simulation.ClusterGrowth.Counts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ClusterGrowthTest {
  private static final Path DOCS = Path.of("src/main/resources/docs");
  private static final double TOLERANCE = 1.4;
  private static final List<Counts> ALL = ClusterGrowth.all();
  private static final Counts SMALL = ALL.getFirst();
  private static final Counts LARGE = ALL.getLast();

  /** How often each is in a cluster of ten times the nodes, at most. */
  private static final Map<ClusterGrowth.Row, Integer> GROWTH_MAX =
      Map.ofEntries(
          Map.entry(ClusterGrowth.Row.STATEMENTS, 10),
          Map.entry(ClusterGrowth.Row.MESSAGES, 10),
          Map.entry(ClusterGrowth.Row.SUBSCRIPTIONS, 10),
          Map.entry(ClusterGrowth.Row.DEATHS, 10),
          Map.entry(ClusterGrowth.Row.TAKEOVERS, 10),
          Map.entry(ClusterGrowth.Row.CONNECTS, 10),
          Map.entry(ClusterGrowth.Row.LEASES, 1),
          Map.entry(ClusterGrowth.Row.JOINS, 1),
          Map.entry(ClusterGrowth.Row.SERVED, 1),
          // Bounded by when the balancer notices, and by how long a client waits then.
          Map.entry(ClusterGrowth.Row.BACK, 3),
          // Each heartbeat reads all nodes. It is the only one of them, and a hundred rows are
          // small.
          Map.entry(ClusterGrowth.Row.ROWS, 100));

  @ParameterizedTest
  @EnumSource(ClusterGrowth.Row.class)
  void growsNoFasterThanTheNodes(ClusterGrowth.Row row) {
    assertThat(row.of(SMALL)).isPositive();
    assertThat(row.of(LARGE) / row.of(SMALL))
        .as(row + " of 100 nodes, as a multiple of 10 nodes")
        .isLessThan(GROWTH_MAX.get(row) * TOLERANCE);
  }

  @Test
  void nearlyEveryLeaseIsTriedByOneNode() {
    for (Counts counts : ALL) {
      int lost = counts.nodes() / 3 * 50;
      assertThat(counts.takeoverStatements())
          .as(counts.nodes() + " nodes, " + lost + " leases without an owner")
          .isLessThan(3 * lost);
    }
  }

  @Test
  void nodesThatAreLostTogetherAreDeclaredDeadOnce() {
    for (Counts counts : ALL) {
      assertThat(counts.deathStatements()).isLessThan(2 * (counts.nodes() / 3));
    }
  }

  @Test
  void allRoomsHaveAnOwnerWithinTheTimeThatIsPromised() {
    for (Counts counts : ALL) {
      assertThat(counts.servedMillis()).isLessThan(5_000);
    }
  }

  @Test
  void theDocumentationShowsTheseCounts() throws IOException {
    String why = "run scripts/growth, and put the table that it prints into scaling.md";
    assertThat(Files.readString(DOCS.resolve("scaling.md")))
        .as(why)
        .contains(ClusterGrowth.table(ALL));
    assertThat(Files.readString(DOCS.resolve("images/cluster-growth.svg")))
        .as(why)
        .isEqualTo(GrowthPicture.of(ALL));
  }
}

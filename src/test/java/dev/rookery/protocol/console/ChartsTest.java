package dev.rookery.protocol.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.console.MetricPoints;
import dev.rookery.console.MetricPoints.Mark;
import dev.rookery.console.MetricRange;
import dev.rookery.console.OperationsQuery.History;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class ChartsTest {
  private static final float NONE = Float.NaN;

  @Test
  void breaksTheLineWhereValuesAreMissing() {
    assertThat(LineShape.path(new float[] {0, 10, NONE, NONE, 5, NONE}, 10, 600, 160))
        .isEqualTo("M0 160L120 0M480 80h1");
  }

  @Test
  void addsCountsOfNodesAndShowsTheLargestPercentile() {
    var history =
        history(
            Map.of(
                "players.online",
                new float[] {1, 2, NONE},
                "http.p99",
                new float[] {0.1f, 0.4f, NONE}),
            Map.of(
                "players.online",
                new float[] {3, NONE, NONE},
                "http.p99",
                new float[] {0.3f, 0.2f, NONE}));

    Chart players =
        Charts.draw(ChartPlan.of("p", "Players", "players.online"), MetricRange.HOUR, history);
    Chart latency =
        Charts.draw(ChartPlan.of("l", "Latency", "http.p99"), MetricRange.HOUR, history);

    assertThat(players.lines().getFirst().values()).isEqualTo("4;2;–");
    assertThat(latency.lines().getFirst().values()).isEqualTo("300 ms;400 ms;–");
    assertThat(players.gaps()).hasSize(1);
    assertThat(players.sentence())
        .startsWith("Players: now –, highest 4 at ")
        .endsWith("No answer from c.");
    assertThat(players.marks())
        .extracting(Chart.Mark::text)
        .first()
        .asString()
        .endsWith("a restart");
  }

  @Test
  void givesEachOfAFewNodesALine() {
    var history =
        history(
            Map.of("loop.max", new float[] {0.001f, 0.002f}),
            Map.of("loop.max", new float[] {0.004f, NONE}));

    Chart lag = Charts.draw(ChartPlan.perNode("lag", "Lag", "loop.max"), MetricRange.HOUR, history);

    assertThat(lag.lines()).extracting(Chart.Series::label).containsExactly("a", "b");
    assertThat(lag.top()).isEqualTo("5.0 ms");
    assertThat(lag.rows()).hasSize(2);
  }

  @Test
  void drawsNothingWithoutAnswers() {
    Chart chart =
        Charts.draw(
            ChartPlan.of("p", "Players", "players.online"),
            MetricRange.DAY,
            new History(0, Map.of(), List.of()));

    assertThat(chart.now()).isEqualTo("–");
    assertThat(chart.sentence()).isEqualTo("Players: no values yet.");
  }

  private static History history(Map<String, float[]> ofA, Map<String, float[]> ofB) {
    var nodes = new TreeMap<String, MetricPoints>();
    nodes.put("a", new MetricPoints(0, 5_000, ofA, List.of(new Mark(5_000, "restart"))));
    nodes.put("b", new MetricPoints(0, 5_000, ofB, List.of()));
    return new History(15_000, nodes, List.of("c"));
  }
}

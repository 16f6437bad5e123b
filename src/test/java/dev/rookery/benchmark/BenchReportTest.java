package dev.rookery.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BenchReportTest {
  private static final double UNKNOWN = Double.NaN;

  @TempDir private Path folder;

  private static Figures chat(double perSecond, double node, double database) {
    return new Figures("chat --members=5", "messages", perSecond, 1, 2, node, database, true);
  }

  @BeforeEach
  void measureReference() throws IOException {
    reference(20);
  }

  private void reference(double micros) throws IOException {
    Files.deleteIfExists(file("reference"));
    new Figures("me", "rounds", 40_000, 1, 2, micros, UNKNOWN, true).appendTo(file("reference"));
  }

  private Path file(String name) {
    return folder.resolve(name + ".jsonl");
  }

  private String report(String commit, String database, Figures... measured) throws IOException {
    Files.deleteIfExists(file("new"));
    for (Figures figures : measured) {
      figures.appendTo(file("new"));
    }
    return BenchReport.report(
        Map.of(
            "figures",
            file("new").toString(),
            "history",
            file("history").toString(),
            "reference",
            file("reference").toString(),
            "date",
            "2026-11-30T02:00:00Z",
            "commit",
            commit,
            "database",
            database,
            "nodes",
            "1"));
  }

  @Test
  void figuresAreTheSameAfterTheyWereStored() throws IOException {
    var figures = List.of(chat(4_000, 120.5, 80.25), chat(1, 2, UNKNOWN));
    for (Figures one : figures) {
      one.appendTo(file("some"));
    }
    assertThat(Figures.read(file("some"))).isEqualTo(figures);
    assertThat(figures.getFirst().totalMicros()).isEqualTo(200.75);
    assertThat(figures.getLast().totalMicros()).isEqualTo(2);
  }

  @Test
  void saysWhichLineIsNotOneOfFigures() throws IOException {
    Files.writeString(file("some"), "what is this\n");
    assertThatThrownBy(() -> Figures.read(file("some")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("what is this");
  }

  @Test
  void comparesJarsRoundByRound() {
    // The second round ran on a machine of half the speed.
    var comparison =
        new Comparison(
            List.of(chat(1_000, 100, 100), chat(500, 200, 200), chat(1_000, 100, 100)),
            List.of(chat(1_100, 80, 100), chat(600, 160, 200), chat(1_300, 60, 100)));
    assertThat(comparison.rate("chat --members=5")).isEqualTo(new Spread(1.2, 1.1, 1.3));
    assertThat(comparison.processorTime("chat --members=5")).isEqualTo(new Spread(0.9, 0.8, 0.9));
    assertThat(comparison.table()).contains("1.20 (1.10 to 1.30)").contains("0.90 (0.80 to 0.90)");
  }

  @Test
  void showsNoRatioOfWhatWasNotMeasured() {
    var comparison =
        new Comparison(List.of(chat(1_000, UNKNOWN, UNKNOWN)), List.of(chat(1_000, 1, UNKNOWN)));
    assertThat(comparison.processorTime("chat --members=5").toString()).isEqualTo("-");
  }

  @Test
  void reportsMoreProcessorTimeThanInTheBestRun() throws IOException {
    assertThat(report("a", "sqlite", chat(4_000, 220, UNKNOWN))).doesNotContain("slower");
    assertThat(report("b", "sqlite", chat(4_000, 200, UNKNOWN))).contains("no scenario is more");
    assertThat(report("c", "sqlite", chat(4_000, 219, UNKNOWN))).contains("no scenario is more");
    assertThat(report("d", "sqlite", chat(4_000, 230, UNKNOWN)))
        .contains("slower: chat --members=5: 1.15 times the processor time of b");
  }

  @Test
  void comparesWithWhatTheBareServerNeedsOnTheSameMachine() throws IOException {
    assertThat(report("a", "sqlite", chat(4_000, 200, UNKNOWN))).doesNotContain("slower");
    reference(40);
    assertThat(report("b", "sqlite", chat(2_000, 400, UNKNOWN))).contains("no scenario is more");
    assertThat(report("c", "sqlite", chat(2_000, 480, UNKNOWN))).contains("slower: ");
  }

  @Test
  void comparesOnlyRunsOfTheSameKind() throws IOException {
    assertThat(report("a", "sqlite", chat(4_000, 100, UNKNOWN))).doesNotContain("slower");
    assertThat(report("b", "postgres", chat(4_000, 100, 200))).doesNotContain("slower:");
  }

  @Test
  void doesNotMeasureAgainstARunThatFailed() throws IOException {
    var failed = new Figures("chat --members=5", "messages", 4_000, 1, 2, 10, UNKNOWN, false);
    assertThat(report("a", "sqlite", failed)).doesNotContain("slower");
    assertThat(report("b", "sqlite", chat(4_000, 100, UNKNOWN))).doesNotContain("slower:");
  }

  @Test
  void storesTheRoundInTheMiddle() throws IOException {
    report("a", "sqlite", chat(1, 300, UNKNOWN), chat(2, 100, UNKNOWN), chat(3, 200, UNKNOWN));
    assertThat(Files.readAllLines(file("history")))
        .singleElement()
        .asString()
        .contains("\"per_second\":3.0", "\"cost\":10.0", "\"commit\":\"a\"");
  }

  @Test
  void namesTheOptionThatIsMissing() {
    assertThatThrownBy(() -> BenchReport.report(new HashMap<>()))
        .hasMessage("--figures is required");
  }
}

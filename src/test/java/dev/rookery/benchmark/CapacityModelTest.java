package dev.rookery.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CapacityModelTest {
  private static JsonObject line(String scenario, double node, Double database) {
    return JsonObject.of(
            "scenario", scenario, "unit", "units", "per_second", 1, "clean", true, "cpu_us", node)
        .put("database", database == null ? "sqlite" : "postgres")
        .put("db_cpu_us", database);
  }

  private static List<JsonObject> lines() {
    return new ArrayList<>(
        List.of(
            line("idle --sockets=10000", 2, 1.0),
            line("returning-login", 90, 30.0),
            line("connect --sockets=10000", 180, 60.0),
            line("chat", 200, 150.0),
            line("fanout", 5, 0.1),
            line("lobby", 2_000, 1_600.0),
            line("room-start", 4_500, 900.0),
            line("match", 100, 50.0)));
  }

  private static OperationCosts costs() {
    return OperationCosts.of(lines(), "postgres", "a test");
  }

  @Test
  void addsUpWhatPlayersDo() {
    // A half sends a message a minute to twenty; a session is ten minutes.
    var mix = new PlayerMix(50, 60, 20, 0, 6, 0, 600, 10);
    var model = new CapacityModel(mix, costs());
    double perSecond = 2 + (90 + 180) / 600.0 + 0.5 * (200 + 10 * 5) / 60;
    assertThat(model.nodeCores(1_000)).isCloseTo(1_000 * perSecond / 1e6, within(1e-9));
    assertThat(model.databaseCores(1_000))
        .isCloseTo(1_000 * (1 + 90 / 600.0 + 0.5 * 150 / 60) / 1e6, within(1e-9));
    assertThat(model.playersByNodes(1, 0.6)).isCloseTo(0.6e6 / perSecond, within(1e-6));
  }

  @Test
  void countsALobbyOnceForItsFourPlayers() {
    var model = new CapacityModel(new PlayerMix(0, 0, 10, 100, 60, 0, 0, 1e9), costs());
    assertThat(model.nodeCores(4) * 1e6).isCloseTo(4 * 2 + 2_000 / 60.0, within(0.01));
    assertThat(model.commandsPerSecond(4)).isCloseTo(8 / 60.0, within(0.01));
  }

  @Test
  void countsARoomForNineActions() {
    var model = new CapacityModel(new PlayerMix(0, 0, 10, 0, 0, 100, 3_600, 1e9), costs());
    assertThat(model.nodeCores(9) * 1e6).isCloseTo(9 * 2 + 9 * 100 + 4_500, within(0.01));
  }

  @Test
  void twiceThePlayersNeedTwiceTheCores() {
    var model = new CapacityModel(PlayerMix.named("mixed"), costs());
    assertThat(model.nodeCores(20_000)).isCloseTo(2 * model.nodeCores(10_000), within(1e-9));
  }

  @Test
  void aDatabaseInTheNodeNeedsNoCoresOfItsOwn() {
    var lines = lines().stream().map(line -> line.put("db_cpu_us", null)).toList();
    var model =
        new CapacityModel(PlayerMix.named("mixed"), OperationCosts.of(lines, "postgres", "a test"));
    assertThat(model.databaseCores(1_000)).isZero();
    assertThat(new CapacityTable("mixed", model).toString()).doesNotContain("cores of db");
  }

  @Test
  void takesTheLatestFiguresOfTheDatabase() {
    List<JsonObject> lines = lines();
    lines.add(line("chat", 1_000, null));
    lines.add(line("chat --members=50", 1_000, 1.0));
    lines.add(line("chat", 1_000, 1.0).put("clean", false));
    lines.add(line("chat", 1_000, 1.0).put("nodes", 3));
    lines.add(line("match --rooms=4000", 70, 40.0));
    var costs = OperationCosts.of(lines, "postgres", "a test");
    assertThat(costs.nodeMicros(Operation.MESSAGE)).isEqualTo(200);
    assertThat(costs.nodeMicros(Operation.ACTION)).isEqualTo(70);
    assertThat(costs.databaseMicros(Operation.ACTION)).isEqualTo(40);
  }

  @Test
  void saysHowToMeasureWhatIsMissing() {
    List<JsonObject> lines = lines().subList(0, 5);
    assertThatThrownBy(() -> OperationCosts.of(lines, "postgres", "x.jsonl"))
        .hasMessage(
            "x.jsonl has no figures of one node with postgres for: scripts/bench postgres lobby"
                + " room-start match");
  }

  @Test
  void explainsWhichMixesThereAre() {
    assertThatThrownBy(() -> PlayerMix.named("all"))
        .hasMessage("model: no mix all, but chat, connected, lobbies, matches, mixed");
    assertThatThrownBy(() -> new PlayerMix(50, 1, 10, 30, 1, 30, 1, 30))
        .hasMessageContaining("at most 100 %");
  }

  @Test
  void asksForFiguresIfThereIsNoFile() {
    assertThatThrownBy(() -> OperationCosts.read(Path.of("missing.jsonl"), "sqlite"))
        .hasMessage(
            "missing.jsonl has no figures of one node with sqlite for: scripts/bench sqlite idle"
                + " returning-login connect chat fanout lobby room-start match");
  }

  @Test
  void theDocumentationShowsThisTable() throws IOException {
    var model = new CapacityModel(PlayerMix.named("mixed"), costs());
    assertThat(Files.readString(Path.of("src/main/resources/docs/capacity.md")))
        .contains(new CapacityTable("mixed", model).toString());
  }
}

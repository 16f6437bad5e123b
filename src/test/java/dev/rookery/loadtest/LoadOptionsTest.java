package dev.rookery.loadtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.benchmark.PlayerMix;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LoadOptionsTest {
  private static final List<String> SERVER = List.of("java", "-cp", "x");

  @Test
  void usesDefaults() {
    var options = LoadOptions.parse(SERVER, "fanout");
    assertThat(options.kind()).isEqualTo(ScenarioKind.FANOUT);
    assertThat(options.nodes()).containsExactly(URI.create("http://127.0.0.1:4000"));
    assertThat(options.number(LoadParameter.FOLLOWERS)).isEqualTo(1_000);
    assertThat(options.baselineCommand()).isEmpty();
  }

  @Test
  void readsValuesAfterEqualsSignOrAsNextArgument() {
    var options =
        LoadOptions.parse(
            SERVER,
            "play",
            "--node",
            "http://a:1",
            "--node=http://b:2",
            "--pid",
            "7",
            "--players=50",
            "--seconds",
            "20");
    assertThat(options.nodes()).containsExactly(URI.create("http://a:1"), URI.create("http://b:2"));
    assertThat(options.pids()).containsExactly(7L);
    assertThat(options.number(LoadParameter.PLAYERS)).isEqualTo(50);
    assertThat(options.number(LoadParameter.SECONDS)).isEqualTo(20);
  }

  @Test
  void readsCommandOfBaselineServer() {
    assertThat(LoadOptions.parse(SERVER, "chat", "--reference").baselineCommand())
        .isEqualTo(SERVER);
    assertThat(LoadOptions.parse(SERVER, "chat", "--reference=taskset -c 0 java").baselineCommand())
        .containsExactly("taskset", "-c", "0", "java");
  }

  @ParameterizedTest
  @CsvSource({
    "'',a scenario is required",
    "walk,unknown scenario walk",
    "chat --followers=3,unknown option --followers of chat",
    "chat --channels=x,channels: not a whole number: x",
    "chat --channels=0,'channels: must be from 1 to 10000, not 0'",
    "chat --channels,--channels: a value is required",
    "chat --node=ftp://a,node: not an http address: ftp://a",
    "chat --pid=me,pid: not a process id: me",
    "play --reference,reference: not available for play",
    "cycle --reference,reference: not available for cycle",
    "--models,unknown scenario --models",
    "--model=all,'model: no mix all, but chat, connected, lobbies, matches, mixed'",
    "--model --database=oracle,'database: sqlite or postgres, not oracle'",
    "--model --chatting=101,'chatting: must be from 0 to 100, not 101'"
  })
  void explainsInvalidArguments(String line, String message) {
    String[] arguments = line.isEmpty() ? new String[0] : line.split(" ");
    assertThatThrownBy(() -> LoadOptions.parse(SERVER, arguments))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void changesANamedMix() {
    var options = LoadOptions.parse(SERVER, "--model=chat", "--members=20", "--gathering", "10");
    assertThat(options.kind()).isEqualTo(ScenarioKind.MODEL);
    assertThat(options.printsModel()).isTrue();
    assertThat(options.mix()).isEqualTo(new PlayerMix(60, 60, 20, 10, 6, 0, 600, 30));
    assertThat(LoadOptions.parse(SERVER, "model", "--players=50").printsModel()).isFalse();
  }

  @Test
  void theDefaultsOfTheOptionsAreTheDefaultMix() {
    assertThat(LoadOptions.parse(SERVER, "model").mix())
        .isEqualTo(PlayerMix.named(PlayerMix.DEFAULT));
  }

  @Test
  void describesAScenarioWithWhatDiffersFromTheDefaults() {
    assertThat(
            LoadOptions.parse(SERVER, "fanout", "--rate=50", "--followers=1000", "--seconds=3")
                .description())
        .isEqualTo("fanout --rate=50");
    assertThat(LoadOptions.parse(SERVER, "match", "--game", "toe", "--rooms=50").description())
        .isEqualTo("match --game=toe --rooms=50");
  }

  @Test
  void helpNamesEveryScenarioAndOption() {
    for (ScenarioKind kind : ScenarioKind.values()) {
      assertThat(LoadOptions.help()).contains("\n" + kind.optionName() + ": ");
    }
    for (LoadParameter parameter : LoadParameter.values()) {
      assertThat(LoadOptions.help()).contains("--" + parameter.optionName() + " ");
    }
  }
}

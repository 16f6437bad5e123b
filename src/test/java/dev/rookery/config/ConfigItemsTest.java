package dev.rookery.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.config.Origin.Source;
import dev.rookery.node.ConfigChecks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigItemsTest {
  @TempDir private Path folder;

  @Test
  void tellsWhereEachValueCameFrom() throws IOException, ConfigException {
    Path file = folder.resolve("node.yaml");
    Files.writeString(
        file,
        """
        # a comment
        http:
          publicHost: game.example
          idleTimeout: 2m
        limits:
          lobbySeatsMax: 12
        """);
    var environment = Map.of("PORT", "5000", "ROOKERY_HTTP_IDLE_TIMEOUT", "90s");

    List<ConfigItem> items = ConfigItems.of(ConfigReader.load(file, environment, List.of()));

    assertThat(find(items, "http.publicHost").value()).isEqualTo("game.example");
    assertThat(find(items, "http.publicHost").origin())
        .isEqualTo(new Origin(Source.FILE, file + " line 3"));
    assertThat(find(items, "limits.lobbySeatsMax").origin())
        .isEqualTo(new Origin(Source.FILE, file + " line 6"));
    assertThat(find(items, "http.port").origin()).isEqualTo(new Origin(Source.ENVIRONMENT, "PORT"));
    // The environment wins.
    assertThat(find(items, "http.idleTimeout").value()).isEqualTo("90s");
    assertThat(find(items, "http.idleTimeout").standard()).isEqualTo("75s");
    assertThat(find(items, "http.idleTimeout").origin())
        .isEqualTo(new Origin(Source.ENVIRONMENT, "ROOKERY_HTTP_IDLE_TIMEOUT"));
    assertThat(find(items, "http.backlog").origin()).isEqualTo(Origin.DEFAULT);
    assertThat(find(items, "http.bodyBytesMax").value()).isEqualTo("1MiB");
  }

  @Test
  void keepsSecretsOutOfTexts() throws ConfigException {
    var environment = Map.of("METRICS_TOKEN", "hush hush", "SECRET_KEY_BASE", "s".repeat(64));

    List<ConfigItem> items = ConfigItems.of(ConfigReader.load(null, environment, List.of()));

    ConfigItem token = find(items, "metrics.token");
    assertThat(token.isSecret()).isTrue();
    assertThat(token.value()).isNull();
    assertThat(token.secret()).isEqualTo(new Secret("hush hush"));
    assertThat(items.toString()).doesNotContain("hush hush").doesNotContain("ssssss");
  }

  @Test
  void explainsEveryKey() throws ConfigException {
    List<ConfigItem> items = ConfigItems.of(ConfigReader.load(null, Map.of(), ConfigChecks.ALL));

    assertThat(items).extracting(ConfigItem::key).hasSameElementsAs(ConfigKeys.all().keySet());
    assertThat(items).allSatisfy(item -> assertThat(item.meaning()).as(item.key()).isNotEmpty());
    assertThat(items)
        .allSatisfy(item -> assertThat(item.origin()).as(item.key()).isEqualTo(Origin.DEFAULT));
  }

  @Test
  void namesTheProgramWhereNothingElseIsKnown() throws ConfigException {
    NodeConfig config = ConfigReader.read(null, Map.of("PORT", "5000"), List.of());

    List<ConfigItem> items = ConfigItems.of(new LoadedConfig(config, Map.of()));

    assertThat(find(items, "http.port").origin().source()).isEqualTo(Source.PROGRAM);
    assertThat(find(items, "http.host").origin().source()).isEqualTo(Source.DEFAULT);
  }

  private static ConfigItem find(List<ConfigItem> items, String key) {
    return items.stream().filter(item -> item.key().equals(key)).findFirst().orElseThrow();
  }
}

package dev.rookery.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.rookery.node.ConfigChecks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Holds {@code conf/} to the records: what is written there is what the node does. */
final class ReferenceTest {
  private static final Path REFERENCE = Path.of("conf/reference.yaml");

  @Test
  void listsExactlyTheKeysOfTheConfiguration() throws IOException {
    Set<String> written = new HashSet<>();
    collect("", new YAMLMapper().readTree(Files.readString(REFERENCE)), written);
    assertThat(written).containsExactlyInAnyOrderElementsOf(ConfigKeys.all().keySet());
  }

  @Test
  void statesTheDefaults() throws ConfigException {
    assertThat(ConfigReader.read(REFERENCE, Map.of(), ConfigChecks.ALL))
        .isEqualTo(NodeConfig.DEFAULTS);
  }

  @Test
  void namesEnvironmentVariablesAboveEachKey() throws IOException {
    Map<String, String> comments = comments(Files.readAllLines(REFERENCE));
    ConfigKeys.all()
        .forEach(
            (key, names) ->
                assertThat(comments.getOrDefault(key, ""))
                    .as(key)
                    .startsWith(String.join(", ", names)));
  }

  @Test
  void examplesAreValid() throws ConfigException {
    assertThat(
            ConfigReader.read(Path.of("conf/dev.yaml"), Map.of(), ConfigChecks.ALL)
                .rateLimit()
                .enabled())
        .isFalse();
    var secrets =
        Map.of("DATABASE_URL", "postgres://a:b@127.0.0.1/c", "SECRET_KEY_BASE", "s".repeat(64));
    assertThat(
            ConfigReader.read(Path.of("conf/cluster.yaml"), secrets, ConfigChecks.ALL)
                .cluster()
                .members())
        .hasSize(3);
  }

  private static void collect(String parent, JsonNode tree, Set<String> keys) {
    tree.properties()
        .forEach(
            field -> {
              String key = NodeConfig.key(parent, field.getKey());
              if (field.getValue().isObject()) {
                collect(key, field.getValue(), keys);
              } else {
                keys.add(key);
              }
            });
  }

  /** The last line of the comment above each key. */
  private static Map<String, String> comments(List<String> lines) {
    var comments = new LinkedHashMap<String, String>();
    Deque<String> parents = new ArrayDeque<>();
    String last = "";
    for (String line : lines) {
      String text = line.strip();
      if (text.startsWith("#")) {
        last = text.substring(1).strip();
      } else if (!text.isEmpty()) {
        int depth = (line.length() - line.stripLeading().length()) / 2;
        while (parents.size() > depth) {
          parents.removeLast();
        }
        parents.addLast(text.substring(0, text.indexOf(':')));
        comments.put(String.join(".", new ArrayList<>(parents)), last);
        last = "";
      } else {
        last = "";
      }
    }
    return comments;
  }
}

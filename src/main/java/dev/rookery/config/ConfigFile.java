package dev.rookery.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The YAML file of the configuration.
 *
 * @param tree a map of keys
 * @param name its path
 * @param lines by key, where the file is written with one key to a line
 */
record ConfigFile(JsonNode tree, String name, Map<String, Integer> lines) {
  /** A file without keys. */
  static final ConfigFile NONE =
      new ConfigFile(JsonNodeFactory.instance.objectNode(), "", Map.of());

  private static final Pattern KEY_OF_LINE =
      Pattern.compile("( *)\"?([A-Za-z][A-Za-z0-9]*)\"?:(?:\\s.*)?");

  /**
   * Reads a file; one that cannot be read is empty.
   *
   * @param report is called with where and what is wrong
   */
  static ConfigFile read(Path file, BiConsumer<String, String> report) {
    try {
      var yaml = YAMLMapper.builder().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION).build();
      String text = Files.readString(file);
      JsonNode tree = yaml.readTree(text);
      if (tree.isObject()) {
        return new ConfigFile(tree, file.toString(), lines(text));
      }
      if (!tree.isMissingNode() && !tree.isNull()) {
        report.accept(file.toString(), "is not a map of keys");
      }
    } catch (JsonProcessingException e) {
      var place = e.getLocation();
      report.accept(
          place == null ? file.toString() : file + " line " + place.getLineNr(),
          "is not YAML: " + e.getOriginalMessage().lines().findFirst().orElse(""));
    } catch (NoSuchFileException e) {
      report.accept(file.toString(), "file not found");
    } catch (IOException e) {
      report.accept(file.toString(), "cannot be read: " + e.getMessage());
    }
    return NONE;
  }

  private static Map<String, Integer> lines(String text) {
    var lines = new HashMap<String, Integer>();
    var indents = new ArrayDeque<Integer>();
    var parents = new ArrayDeque<String>();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      Matcher key = KEY_OF_LINE.matcher(line);
      if (key.matches()) {
        int indent = key.group(1).length();
        while (!indents.isEmpty() && indents.getLast() >= indent) {
          indents.removeLast();
          parents.removeLast();
        }
        indents.addLast(indent);
        parents.addLast(key.group(2));
        lines.put(String.join(".", parents), number);
      }
    }
    return lines;
  }

  /** Where a key of the file is. */
  Origin origin(String key) {
    Integer line = lines.get(key);
    return new Origin(Origin.Source.FILE, line == null ? name : name + " line " + line);
  }
}

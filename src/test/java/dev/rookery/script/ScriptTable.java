package dev.rookery.script;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The scripts that both engines must answer equally: the files of {@code scripts/table}. An entry
 * begins with a line {@code === name}; lines {@code -- keys: a b} and {@code -- args: 1 2} may
 * follow, and then the script.
 */
final class ScriptTable {
  private static final Path FOLDER = Path.of("src/test/resources/scripts/table");
  private static final String ENTRY = "=== ";
  private static final String KEYS = "-- keys: ";
  private static final String ARGS = "-- args: ";

  private ScriptTable() {}

  record Entry(String name, List<byte[]> keys, List<byte[]> args, byte[] source) {}

  static List<Path> files() {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.filter(file -> file.toString().endsWith(".lua.txt")).sorted().toList();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  static List<Entry> entries(Path file) {
    try {
      String text = Files.readString(file, StandardCharsets.UTF_8);
      return Arrays.stream(text.split("(?m)^(?==== )"))
          .filter(part -> part.startsWith(ENTRY))
          .map(ScriptTable::entry)
          .toList();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static Entry entry(String part) {
    var lines = new ArrayList<>(List.of(part.stripTrailing().split("\n", -1)));
    String name = lines.removeFirst().substring(ENTRY.length());
    List<byte[]> keys = words(lines, KEYS);
    List<byte[]> args = words(lines, ARGS);
    return new Entry(name, keys, args, String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
  }

  private static List<byte[]> words(List<String> lines, String marker) {
    if (lines.isEmpty() || !lines.getFirst().startsWith(marker)) {
      return List.of();
    }
    return Arrays.stream(lines.removeFirst().substring(marker.length()).split(" "))
        .map(word -> word.getBytes(StandardCharsets.UTF_8))
        .toList();
  }

  /** A result with its types, so that two that differ in anything have different texts. */
  static String text(ScriptResult result) {
    return switch (result) {
      case ScriptResult.Null _ -> "nil";
      case ScriptResult.Status(var text) -> "+" + quoted(text);
      case ScriptResult.Int(var value) -> ":" + value;
      case ScriptResult.Bulk(var bytes) -> quoted(bytes);
      case ScriptResult.Failed(var message) -> "-" + quoted(message);
      case ScriptResult.Array(var elements) ->
          elements.stream().map(ScriptTable::text).toList().toString();
    };
  }

  private static String quoted(byte[] bytes) {
    var text = new StringBuilder("\"");
    for (byte one : bytes) {
      if (one >= ' ' && one < 127) {
        text.append((char) one);
      } else {
        text.append("\\x").append(String.format(Locale.ROOT, "%02x", one));
      }
    }
    return text.append('"').toString();
  }
}

package dev.rookery.load;

import java.net.URI;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What to do, for how long and against whom.
 *
 * @param connections kept-alive connections, each with one request under way at a time; 1 to 1,024
 * @param seconds how long is measured, after the warm-up; 1 to 600
 * @param warmupSeconds how long runs unmeasured first; 0 to 60
 */
record LoadOptions(Scenario.Kind kind, URI url, int connections, int seconds, int warmupSeconds) {
  static final String USAGE =
      """
      usage: scripts/load SCENARIO [--url=http://127.0.0.1:4000] [--connections=64] [--seconds=10]
                          [--warmup=3]
      scenarios: %s
      """
          .formatted(
              Arrays.stream(Scenario.Kind.values())
                  .map(LoadOptions::word)
                  .collect(Collectors.joining(", ")));

  private static final Set<String> KNOWN = Set.of("url", "connections", "seconds", "warmup");

  LoadOptions {
    between("connections", connections, 1, 1_024);
    between("seconds", seconds, 1, 600);
    between("warmup", warmupSeconds, 0, 60);
    if (!"http".equals(url.getScheme()) || url.getHost() == null) {
      throw new IllegalArgumentException("url: not an http address: " + url);
    }
  }

  static LoadOptions parse(String... words) {
    if (words.length == 0) {
      throw new IllegalArgumentException("a scenario is needed");
    }
    var kind =
        Arrays.stream(Scenario.Kind.values())
            .filter(one -> word(one).equals(words[0]))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("unknown scenario " + words[0]));
    Map<String, String> options = new HashMap<>();
    for (String word : Arrays.asList(words).subList(1, words.length)) {
      int equals = word.indexOf('=');
      String name = word.startsWith("--") && equals > 0 ? word.substring(2, equals) : "";
      if (!KNOWN.contains(name)) {
        throw new IllegalArgumentException("unknown option " + word);
      }
      options.put(name, word.substring(equals + 1));
    }
    return new LoadOptions(
        kind,
        URI.create(options.getOrDefault("url", "http://127.0.0.1:4000")),
        number(options, "connections", 64),
        number(options, "seconds", 10),
        number(options, "warmup", 3));
  }

  private static String word(Scenario.Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static int number(Map<String, String> options, String name, int otherwise) {
    String text = options.get(name);
    try {
      return text == null ? otherwise : Integer.parseInt(text);
    } catch (NumberFormatException notANumber) {
      throw new IllegalArgumentException(name + ": not a whole number: " + text, notANumber);
    }
  }

  private static void between(String name, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(name + ": from " + min + " to " + max + ", not " + value);
    }
  }
}

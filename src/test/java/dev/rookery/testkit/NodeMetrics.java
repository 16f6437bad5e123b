package dev.rookery.testkit;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Reads single metrics of nodes. A test that waits for one asks many times, and writing all of them
 * would take the node longer than what the test waits for.
 */
public final class NodeMetrics {
  private NodeMetrics() {}

  /**
   * The path at which a node answers with these series alone.
   *
   * @param series their names, with or without labels
   */
  public static String path(List<String> series) {
    return series.stream()
        .map(one -> one.replaceFirst("\\{.*", ""))
        .distinct()
        .map(name -> URLEncoder.encode("name[]", StandardCharsets.UTF_8) + "=" + name)
        .collect(Collectors.joining("&", "/metrics?", ""));
  }

  public static String path(String... series) {
    return path(List.of(series));
  }

  /**
   * The sum of all series of a name; 0 if there is none.
   *
   * @param start the name, with or without the first labels
   */
  public static double sum(String text, String start) {
    return text.lines()
        .filter(line -> line.startsWith(start) && " {,}".indexOf(line.charAt(start.length())) >= 0)
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}

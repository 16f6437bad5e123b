package dev.rookery.loadtest;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

/** Reads the memory of nodes from their metrics. Blocks. */
final class NodeHeap {
  private static final String HEAP = "jvm_memory_used_bytes{area=\"heap\"";
  private static final String ROOMS = "rookery_matches_loaded";

  private NodeHeap() {}

  /**
   * What all nodes use together.
   *
   * @param bytes of heap
   * @param rooms of matches in memory
   */
  record Used(long bytes, long rooms) {}

  /** Collects garbage on the nodes of this machine first. */
  static Used afterCollection(ScenarioContext context) throws IOException, InterruptedException {
    context.server().collectGarbage();
    long bytes = 0;
    long rooms = 0;
    try (var client = HttpClient.newHttpClient()) {
      for (URI node : context.options().nodes()) {
        String text =
            client
                .send(
                    HttpRequest.newBuilder(node.resolve("/metrics")).build(),
                    BodyHandlers.ofString())
                .body();
        bytes += sum(text, HEAP);
        rooms += sum(text, ROOMS);
      }
    }
    return new Used(bytes, rooms);
  }

  private static long sum(String text, String prefix) {
    return (long)
        text.lines()
            .filter(line -> line.startsWith(prefix))
            .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
            .sum();
  }
}

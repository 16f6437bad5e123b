package dev.rookery.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.NodeProcess;
import dev.rookery.testkit.ProcessCluster;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What nodes say of themselves, and what they must say when nobody is there any more. */
final class NodeMetricsCheck {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final String CERTAIN = "rookery_cluster_certain";
  private static final Pattern HELD =
      Pattern.compile("rookery_duties_held\\{duty=\"([^\"]+)\"} 1.*");

  /** What a node has of people, and of their requests. */
  private static final List<String> OF_PEOPLE =
      List.of(
          "rookery_sockets_open",
          "rookery_presence_online",
          "rookery_fanout_topics",
          "rookery_relay_sitting",
          "rookery_relay_rooms",
          "rookery_store_writes_waiting");

  private NodeMetricsCheck() {}

  /** The sum of a metric over all its series. */
  static double metric(NodeProcess node, String name) {
    return sum(text(node, SOON), name);
  }

  private static double sum(String text, String name) {
    return text.lines()
        .filter(line -> line.startsWith(name) && " {,}".indexOf(line.charAt(name.length())) >= 0)
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private static String text(NodeProcess node, Duration within) {
    try {
      return CLIENT.send(request(node, within), BodyHandlers.ofString()).body();
    } catch (IOException failure) {
      throw new AssertionError(node.uri("/metrics").toString(), failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    }
  }

  private static HttpRequest request(NodeProcess node, Duration within) {
    return HttpRequest.newBuilder(node.uri("/metrics")).timeout(within).build();
  }

  /** The duties that a node takes for its own, being certain that nobody else can have them. */
  static Set<String> claims(NodeProcess node, Duration within) {
    return claims(text(node, within));
  }

  /** As {@link #claims}, once it answers again. */
  static CompletableFuture<Set<String>> claimsOnWaking(NodeProcess node) {
    return CLIENT
        .sendAsync(request(node, SOON), BodyHandlers.ofString())
        .thenApply(HttpResponse::body)
        .thenApply(NodeMetricsCheck::claims);
  }

  private static Set<String> claims(String text) {
    if (sum(text, CERTAIN) < 1) {
      return Set.of();
    }
    return text.lines()
        .map(HELD::matcher)
        .filter(found -> found.matches())
        .map(found -> found.group(1))
        .collect(Collectors.toSet());
  }

  static void nobodyIsLeft(ProcessCluster cluster) {
    for (int i = 0; i < cluster.size(); i++) {
      NodeProcess node = cluster.node(i);
      for (String metric : OF_PEOPLE) {
        Eventually.holds(() -> metric(node, metric) == 0);
      }
    }
  }

  /**
   * What a node takes of the machine when it has nothing to do.
   *
   * @param heap in use after a collection, in MiB
   * @param direct outside of the heap, in MiB
   */
  record Footprint(long heap, long direct, long files, long threads) {
    private static final int MIB = 1 << 20;

    static Footprint of(NodeProcess node) {
      new ProcessStats(List.of(node.pid())).collectGarbage();
      String text = text(node, SOON);
      return new Footprint(
          Math.round(sum(text, "jvm_memory_used_bytes{area=\"heap\"") / MIB),
          Math.round(sum(text, "jvm_buffer_memory_used_bytes{id=\"direct\"") / MIB),
          Math.round(sum(text, "process_files_open_files")),
          Math.round(sum(text, "jvm_threads_live_threads")));
    }

    boolean isWithin(Footprint before, Footprint allowed) {
      return heap <= before.heap + allowed.heap
          && direct <= before.direct + allowed.direct
          && files <= before.files + allowed.files
          && threads <= before.threads + allowed.threads;
    }
  }

  static List<Footprint> footprints(ProcessCluster cluster) {
    return IntStream.range(0, cluster.size()).mapToObj(i -> Footprint.of(cluster.node(i))).toList();
  }

  /** Node by node, one that was started again included; connections take a moment to go. */
  static void areBackAt(List<Footprint> before, ProcessCluster cluster, Footprint allowed) {
    for (int i = 0; i < cluster.size(); i++) {
      Footprint then = before.get(i);
      NodeProcess node = cluster.node(i);
      Footprint now = Footprint.of(node);
      for (int tries = 0; tries < 10 && !now.isWithin(then, allowed); tries++) {
        now = Footprint.of(node);
      }
      System.out.println("node " + i + " before: " + then + ", now: " + now);
      assertThat(now).as("what node %s takes", i).matches(it -> it.isWithin(then, allowed));
    }
  }
}

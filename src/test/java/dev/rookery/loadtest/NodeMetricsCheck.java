package dev.rookery.loadtest;

import static dev.rookery.testkit.NodeMetrics.sum;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.NodeMetrics;
import dev.rookery.testkit.NodeProcess;
import dev.rookery.testkit.ProcessCluster;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Reads the metrics of nodes and checks that they are idle when no player is connected. */
final class NodeMetricsCheck {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final Duration TIMEOUT = Duration.ofMinutes(1);
  private static final List<String> CLAIMS = List.of("rookery_duties_held");
  private static final Pattern HELD =
      Pattern.compile("rookery_duties_held\\{duty=\"([^\"]+)\"} 1.*");

  /** Gauges that are zero when no player is connected. */
  private static final List<String> PLAYER_GAUGES =
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
    return sum(text(node, TIMEOUT, List.of(name)), name);
  }

  private static String text(NodeProcess node, Duration timeout, List<String> names) {
    try {
      return CLIENT.send(request(node, timeout, names), BodyHandlers.ofString()).body();
    } catch (IOException failure) {
      throw new AssertionError(node.uri("/metrics").toString(), failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    }
  }

  private static HttpRequest request(NodeProcess node, Duration timeout, List<String> names) {
    return HttpRequest.newBuilder(node.uri(NodeMetrics.path(names))).timeout(timeout).build();
  }

  /** The jobs that a node claims to own. */
  static Set<String> claims(NodeProcess node, Duration timeout) {
    return claims(text(node, timeout, CLAIMS));
  }

  /** As {@link #claims}, once the paused node answers again. */
  static CompletableFuture<Set<String>> claimsOnWaking(NodeProcess node) {
    return CLIENT
        .sendAsync(request(node, TIMEOUT, CLAIMS), BodyHandlers.ofString())
        .thenApply(HttpResponse::body)
        .thenApply(NodeMetricsCheck::claims);
  }

  private static Set<String> claims(String text) {
    return text.lines()
        .map(HELD::matcher)
        .filter(found -> found.matches())
        .map(found -> found.group(1))
        .collect(Collectors.toSet());
  }

  static void assertIdle(ProcessCluster cluster) {
    for (int i = 0; i < cluster.size(); i++) {
      NodeProcess node = cluster.node(i);
      try {
        Eventually.holds(() -> busy(node).isEmpty());
      } catch (AssertionError failure) {
        throw new AssertionError("node " + i + " is still busy: " + busy(node), failure);
      }
    }
  }

  private static Map<String, Double> busy(NodeProcess node) {
    String text = text(node, TIMEOUT, PLAYER_GAUGES);
    return PLAYER_GAUGES.stream()
        .filter(gauge -> sum(text, gauge) != 0)
        .collect(Collectors.toMap(gauge -> gauge, gauge -> sum(text, gauge)));
  }

  /**
   * The resources that an idle node uses.
   *
   * @param heap in use after a garbage collection, in MiB
   * @param direct direct buffers, in MiB
   * @param files open files
   * @param threads live threads
   */
  record Footprint(long heap, long direct, long files, long threads) {
    private static final int MIB = 1 << 20;
    private static final String HEAP = "jvm_memory_used_bytes{area=\"heap\"";
    private static final String DIRECT = "jvm_buffer_memory_used_bytes{id=\"direct\"";
    private static final String FILES = "process_files_open_files";
    private static final String THREADS = "jvm_threads_live_threads";

    static Footprint of(NodeProcess node) {
      new ProcessStats(List.of(node.pid())).collectGarbage();
      String text = text(node, TIMEOUT, List.of(HEAP, DIRECT, FILES, THREADS));
      return new Footprint(
          Math.round(sum(text, HEAP) / MIB),
          Math.round(sum(text, DIRECT) / MIB),
          Math.round(sum(text, FILES)),
          Math.round(sum(text, THREADS)));
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

  /**
   * Asserts that each node uses no more than before, restarted nodes included; connections take a
   * moment to close.
   */
  static void assertFootprints(List<Footprint> before, ProcessCluster cluster, Footprint allowed) {
    for (int i = 0; i < cluster.size(); i++) {
      Footprint expected = before.get(i);
      NodeProcess node = cluster.node(i);
      Footprint now = Footprint.of(node);
      for (int tries = 0; tries < 10 && !now.isWithin(expected, allowed); tries++) {
        now = Footprint.of(node);
      }
      System.out.println("node " + i + " before: " + expected + ", now: " + now);
      assertThat(now)
          .as("resources of node %s", i)
          .matches(footprint -> footprint.isWithin(expected, allowed));
    }
  }
}

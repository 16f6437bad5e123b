package dev.rookery.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.NodeProcess;
import dev.rookery.testkit.ProcessCluster;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;

/** What nodes say of themselves, and what they must say when nobody is there any more. */
final class Vitals {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private Vitals() {}

  /** The sum of a metric over all its series. */
  static double metric(NodeProcess node, String name) {
    try {
      var request =
          HttpRequest.newBuilder(node.uri("/metrics")).timeout(Duration.ofSeconds(10)).build();
      String text = CLIENT.send(request, BodyHandlers.ofString()).body();
      return text.lines()
          .filter(line -> line.startsWith(name) && " {,}".indexOf(line.charAt(name.length())) >= 0)
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
          .sum();
    } catch (IOException failure) {
      throw new AssertionError(node.uri("/metrics").toString(), failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    }
  }

  static void noSocketIsLeft(ProcessCluster cluster) {
    for (int i = 0; i < cluster.size(); i++) {
      NodeProcess node = cluster.node(i);
      Eventually.holds(() -> metric(node, "rookery_sockets_open") == 0);
    }
  }

  /** What is in use on the heap after a collection, in MiB. */
  static long heap(NodeProcess node) {
    new ServerProcess(List.of(node.pid())).collectGarbage();
    return Math.round(metric(node, "jvm_memory_used_bytes{area=\"heap\"") / (1 << 20));
  }

  static long heap(ProcessCluster cluster) {
    long most = 0;
    for (int i = 0; i < cluster.size(); i++) {
      most = Math.max(most, heap(cluster.node(i)));
    }
    return most;
  }

  static void heapIsBackAt(ProcessCluster cluster, long before, long allowed) {
    long now = heap(cluster);
    System.out.println("heap after collection: " + before + " MiB before, " + now + " MiB now");
    assertThat(now).as("MiB in use when everybody has left").isLessThanOrEqualTo(before + allowed);
  }
}

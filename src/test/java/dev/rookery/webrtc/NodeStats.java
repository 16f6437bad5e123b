package dev.rookery.webrtc;

import dev.rookery.testkit.NodeProcess;
import dev.rookery.testkit.TestNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What a node of its own process uses, from Linux's {@code /proc} and its metrics.
 *
 * @param threads without those that Vert.x starts as they are needed
 * @param nativeBytes the memory of the WebRTC library, as the node knows it
 */
record NodeStats(
    int peers, int threads, int descriptors, int udpSockets, long residentBytes, long nativeBytes) {
  static NodeStats of(NodeProcess node) {
    String metrics = metrics(node);
    return new NodeStats(
        (int) metric(metrics, "rookery_webrtc_peers"),
        threads(node),
        descriptors(node),
        UdpSockets.of(Long.toString(node.pid())).size(),
        statusField(node, "VmRSS:") << 10,
        (long) metric(metrics, "rookery_webrtc_native_memory_bytes"));
  }

  private static String metrics(NodeProcess node) {
    try {
      return TestNode.client()
          .send(HttpRequest.newBuilder(node.uri("/metrics")).build(), BodyHandlers.ofString())
          .body();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  private static double metric(String metrics, String name) {
    return metrics
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .sum();
  }

  /** A number in the status of the process; of memory in KiB. */
  private static long statusField(NodeProcess node, String name) {
    try {
      return Files.readAllLines(Path.of("/proc/" + node.pid() + "/status")).stream()
          .filter(line -> line.startsWith(name))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .sum();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Without the workers of Vert.x, of which each blocking task starts one until all are there. */
  private static int threads(NodeProcess node) {
    int count = 0;
    try (var tasks = Files.newDirectoryStream(Path.of("/proc/" + node.pid() + "/task"))) {
      for (Path task : tasks) {
        if (!nameOf(task).startsWith("vert.x-worker")) {
          count++;
        }
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return count;
  }

  private static String nameOf(Path task) throws IOException {
    try {
      return Files.readString(task.resolve("comm"));
    } catch (NoSuchFileException _) {
      // It has ended.
      return "vert.x-worker";
    }
  }

  private static int descriptors(NodeProcess node) {
    int count = 0;
    try (var all = Files.newDirectoryStream(Path.of("/proc/" + node.pid() + "/fd"))) {
      for (Path _ : all) {
        count++;
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return count;
  }

  /** Processor time that the node has used, in seconds. */
  static double cpuSeconds(NodeProcess node) {
    try {
      String stat = Files.readString(Path.of("/proc/" + node.pid() + "/stat"));
      // The name may contain blanks; the fields after it do not.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / 100d;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%,d peers, %d threads, %d descriptors, %d UDP sockets, %,d KiB resident, %,d KiB native",
        peers,
        threads,
        descriptors,
        udpSockets,
        residentBytes >> 10,
        nativeBytes >> 10);
  }
}

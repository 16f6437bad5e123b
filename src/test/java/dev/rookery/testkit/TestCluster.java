package dev.rookery.testkit;

import static java.util.concurrent.CompletableFuture.supplyAsync;

import dev.rookery.node.NodeDependencies;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Several nodes in this JVM, on one PostgreSQL, joined over loopback. */
public final class TestCluster implements AutoCloseable {
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private final Databases.TestDatabase database;
  private final List<TestNode> nodes = new ArrayList<>();
  private final List<Map<String, String>> environments = new ArrayList<>();

  private TestCluster(Databases.TestDatabase database) {
    this.database = database;
  }

  public static TestCluster start(int size) {
    return start(size, Map.of());
  }

  public static TestCluster start(int size, Map<String, String> environment) {
    return start(size, "CLUSTER_MEMBERS", "127.0.0.1", environment, NodeDependencies::production);
  }

  /** Starts nodes of which each has a clock of its own. */
  public static TestCluster start(List<InstantSource> clocks) {
    var next = clocks.iterator();
    return start(
        clocks.size(),
        "CLUSTER_MEMBERS",
        "127.0.0.1",
        Map.of(),
        () -> NodeDependencies.production().with(next.next()));
  }

  /** Starts nodes that find each other by a DNS name. */
  public static TestCluster startByName(int size) {
    return start(size, "CLUSTER_DNS", "localhost", Map.of(), NodeDependencies::production);
  }

  private static TestCluster start(
      int size,
      String discovery,
      String host,
      Map<String, String> environment,
      Supplier<NodeDependencies> dependencies) {
    var cluster = new TestCluster(Databases.postgres());
    try {
      String name = "test-" + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet();
      int[] ports = IntStream.range(0, size).map(_ -> NodeProcess.freePort()).toArray();
      String members =
          IntStream.of(ports).mapToObj(port -> host + ":" + port).collect(Collectors.joining(","));
      var starts = new ArrayList<Supplier<TestNode>>();
      for (int port : ports) {
        var settings = new HashMap<>(environment);
        settings.put("CLUSTER_ENABLED", "true");
        settings.put("CLUSTER_NAME", name);
        settings.put("CLUSTER_PORT", Integer.toString(port));
        settings.put(discovery, members);
        cluster.environments.add(settings);
        NodeDependencies parts = dependencies.get();
        starts.add(() -> TestNode.start(cluster.database.location(), settings, parts, () -> {}));
      }
      cluster.startNodes(starts);
      return cluster;
    } catch (RuntimeException | Error failure) {
      cluster.close();
      throw failure;
    }
  }

  /** The first one alone, so that all others find it; then those at the same time. */
  private void startNodes(List<Supplier<TestNode>> starts) {
    nodes.add(starts.getFirst().get());
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var others = starts.stream().skip(1).map(start -> supplyAsync(start, threads)).toList();
      Throwable failed = null;
      for (CompletableFuture<TestNode> other : others) {
        try {
          nodes.add(other.join());
        } catch (CompletionException failure) {
          failed = failure.getCause();
        }
      }
      if (failed != null) {
        throw new AssertionError("a node did not start", failed);
      }
    }
  }

  public TestNode node(int index) {
    return nodes.get(index);
  }

  /** Closes a node without a drain and starts another one in its place, on another HTTP port. */
  public void restart(int index) {
    nodes.get(index).close();
    nodes.set(
        index,
        TestNode.start(
            database.location(), environments.get(index), NodeDependencies.production(), () -> {}));
  }

  /** As {@link #restart(int)}, with other settings. */
  public void restart(int index, Map<String, String> changed) {
    environments.get(index).putAll(changed);
    restart(index);
  }

  /** The database of the nodes; closing the result does not remove it. */
  public Databases.TestDatabase testDatabase() {
    return database.shared();
  }

  public int size() {
    return nodes.size();
  }

  @Override
  public void close() {
    AssertionError failed = null;
    for (TestNode node : nodes.reversed()) {
      try {
        node.close();
      } catch (AssertionError failure) {
        failed = failure;
      }
    }
    database.close();
    if (failed != null) {
      throw failed;
    }
  }
}

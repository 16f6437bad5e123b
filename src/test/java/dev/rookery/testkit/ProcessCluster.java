package dev.rookery.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Several nodes, each in its own JVM, on their own PostgreSQL. Where the system allows it they run
 * in network namespaces, so that a test can partition them.
 */
public final class ProcessCluster implements AutoCloseable {
  private static final String SECRET =
      "a secret that the nodes of one cluster of tests share, 64ch";

  private final Path folder;
  private final Map<String, String> settings;
  private final Optional<NetworkNamespaces> namespaces;
  private final PostgresServer postgres;
  private final DatabaseProxy databaseProxy;
  private final List<NodeAddress> addresses = new ArrayList<>();
  // Read while nodes are restarted.
  private final List<NodeProcess> nodes = new CopyOnWriteArrayList<>();

  /** The address of a node, the same after a restart. */
  private record NodeAddress(List<String> prefix, String host, int port, int cluster) {}

  private ProcessCluster(
      int size, Path folder, Map<String, String> settings, Optional<NetworkNamespaces> namespaces)
      throws IOException {
    this.folder = folder;
    this.settings = settings;
    this.namespaces = namespaces;
    this.postgres = PostgresServer.start(folder.resolve("postgres"));
    this.databaseProxy =
        DatabaseProxy.start(
            postgres.testDatabase(),
            InetAddress.getByName(namespaces.map(NetworkNamespaces::gateway).orElse("127.0.0.1")));
    for (int i = 0; i < size; i++) {
      int member = i;
      addresses.add(
          namespaces
              .map(
                  network ->
                      new NodeAddress(network.execPrefix(member), network.host(member), 4000, 5701))
              .orElseGet(
                  () ->
                      new NodeAddress(
                          List.of(), "127.0.0.1", NodeProcess.freePort(), NodeProcess.freePort())));
    }
  }

  /**
   * @param settings environment variables of all nodes
   */
  public static ProcessCluster start(int size, Path folder, Map<String, String> settings) {
    Optional<NetworkNamespaces> namespaces =
        NetworkNamespaces.isAvailable()
            ? Optional.of(NetworkNamespaces.create(size))
            : Optional.empty();
    ProcessCluster cluster;
    try {
      cluster = new ProcessCluster(size, folder, settings, namespaces);
    } catch (IOException | RuntimeException failure) {
      namespaces.ifPresent(NetworkNamespaces::close);
      throw new AssertionError("the cluster did not start", failure);
    }
    try {
      IntStream.range(0, size).forEach(i -> cluster.nodes.add(cluster.launch(i)));
      cluster.nodes.forEach(NodeProcess::awaitReady);
      return cluster;
    } catch (RuntimeException | Error failure) {
      cluster.close();
      throw failure;
    }
  }

  private NodeProcess launch(int i) {
    NodeAddress address = addresses.get(i);
    var environment = new HashMap<>(settings);
    environment.put("DATABASE_URL", databaseProxy.testDatabase().url());
    environment.put("SECRET_KEY_BASE", SECRET);
    environment.put("CLUSTER_ENABLED", "true");
    environment.put("CLUSTER_NAME", "processes-" + ProcessHandle.current().pid());
    environment.put("CLUSTER_HOST", address.host);
    environment.put("CLUSTER_PORT", Integer.toString(address.cluster));
    environment.put(
        "CLUSTER_MEMBERS",
        addresses.stream()
            .map(other -> other.host + ":" + other.cluster)
            .collect(Collectors.joining(",")));
    return NodeProcess.launch(
        address.prefix, address.host, folder.resolve("node-" + i), address.port, environment);
  }

  public int size() {
    return nodes.size();
  }

  public NodeProcess node(int i) {
    return nodes.get(i);
  }

  public List<URI> uris() {
    return nodes.stream().map(node -> node.uri("")).toList();
  }

  /** Restarts a node that has ended, at the same address. */
  public void restart(int i) {
    nodes.set(i, launch(i));
    nodes.get(i).awaitReady();
  }

  public PostgresServer postgres() {
    return postgres;
  }

  /** The database as the test reaches it, not as the nodes do. */
  public Databases.TestDatabase database() {
    return postgres.testDatabase();
  }

  /** The network namespaces; empty where the system does not allow them. */
  public Optional<NetworkNamespaces> namespaces() {
    return namespaces;
  }

  @Override
  public void close() {
    nodes.forEach(NodeProcess::close);
    try (databaseProxy;
        postgres) {
      namespaces.ifPresent(NetworkNamespaces::close);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}

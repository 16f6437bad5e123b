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
 * Several nodes, each in a JVM of its own, on a PostgreSQL of their own. Where the system allows it
 * they are wired, so that they can be cut from each other.
 */
public final class ProcessCluster implements AutoCloseable {
  private static final String SECRET =
      "a secret that the nodes of one cluster of tests share, 64ch";

  private final Path folder;
  private final Map<String, String> settings;
  private final Optional<NetworkNamespaces> wiring;
  private final PostgresServer postgres;
  private final DatabaseProxy line;
  private final List<Place> places = new ArrayList<>();
  // Read while nodes are started again.
  private final List<NodeProcess> nodes = new CopyOnWriteArrayList<>();

  /** Where a node is to be found, however often it is started again. */
  private record Place(List<String> prefix, String host, int port, int cluster) {}

  private ProcessCluster(
      int size, Path folder, Map<String, String> settings, Optional<NetworkNamespaces> wiring)
      throws IOException {
    this.folder = folder;
    this.settings = settings;
    this.wiring = wiring;
    this.postgres = PostgresServer.start(folder.resolve("postgres"));
    this.line =
        DatabaseProxy.start(
            postgres.place(),
            InetAddress.getByName(wiring.map(NetworkNamespaces::gateway).orElse("127.0.0.1")));
    for (int i = 0; i < size; i++) {
      int member = i;
      places.add(
          wiring
              .map(wired -> new Place(wired.execPrefix(member), wired.host(member), 4000, 5701))
              .orElseGet(
                  () ->
                      new Place(
                          List.of(), "127.0.0.1", NodeProcess.freePort(), NodeProcess.freePort())));
    }
  }

  /**
   * @param settings of all nodes, as the environment names them
   */
  public static ProcessCluster start(int size, Path folder, Map<String, String> settings) {
    Optional<NetworkNamespaces> wiring =
        NetworkNamespaces.isAvailable()
            ? Optional.of(NetworkNamespaces.create(size))
            : Optional.empty();
    ProcessCluster cluster;
    try {
      cluster = new ProcessCluster(size, folder, settings, wiring);
    } catch (IOException | RuntimeException failure) {
      wiring.ifPresent(NetworkNamespaces::close);
      throw new AssertionError("no cluster", failure);
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
    Place place = places.get(i);
    var environment = new HashMap<>(settings);
    environment.put("DATABASE_URL", line.place().url());
    environment.put("SECRET_KEY_BASE", SECRET);
    environment.put("CLUSTER_ENABLED", "true");
    environment.put("CLUSTER_NAME", "processes-" + ProcessHandle.current().pid());
    environment.put("CLUSTER_HOST", place.host);
    environment.put("CLUSTER_PORT", Integer.toString(place.cluster));
    environment.put(
        "CLUSTER_MEMBERS",
        places.stream()
            .map(other -> other.host + ":" + other.cluster)
            .collect(Collectors.joining(",")));
    return NodeProcess.launch(
        place.prefix, place.host, folder.resolve("node-" + i), place.port, environment);
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

  /** Starts a node that has ended again, where it was. */
  public void restart(int i) {
    nodes.set(i, launch(i));
    nodes.get(i).awaitReady();
  }

  public PostgresServer postgres() {
    return postgres;
  }

  /** As the test reaches it, not as the nodes do. */
  public Databases.TestDatabase database() {
    return postgres.place();
  }

  /** Empty where the system does not allow it. */
  public Optional<NetworkNamespaces> wiring() {
    return wiring;
  }

  @Override
  public void close() {
    nodes.forEach(NodeProcess::close);
    try (line;
        postgres) {
      wiring.ifPresent(NetworkNamespaces::close);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}

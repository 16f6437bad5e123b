package dev.rookery.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A real Redis Cluster on loopback: some masters, without replicas, that share the slots. */
public final class TestRedisCluster implements AutoCloseable {
  private static final int SLOTS = 16_384;
  private static final int TRIES = 5;

  /** The port on which its nodes talk to each other is by so much larger. */
  private static final int BUS_PORT = 10_000;

  private final List<TestRedis> masters = new ArrayList<>();

  private TestRedisCluster() {}

  public static TestRedisCluster start(int masters) {
    var cluster = new TestRedisCluster();
    try {
      Path folder = Files.createTempDirectory("redis-cluster");
      for (int i = 0; i < masters; i++) {
        cluster.masters.add(startMaster(folder, i));
      }
      cluster.join();
      return cluster;
    } catch (IOException failure) {
      cluster.close();
      throw new UncheckedIOException(failure);
    } catch (RuntimeException | Error failure) {
      cluster.close();
      throw failure;
    }
  }

  /** Another process may have the port on which it would talk to the others. */
  private static TestRedis startMaster(Path folder, int i) {
    IllegalStateException failure = null;
    for (int tries = 0; tries < TRIES; tries++) {
      try {
        return TestRedis.start(
            "cluster-enabled yes",
            "dir " + folder,
            "cluster-config-file nodes-" + i + "-" + tries + ".conf",
            "cluster-node-timeout 60000");
      } catch (IllegalStateException taken) {
        failure = taken;
      }
    }
    throw new IllegalStateException("no master started", failure);
  }

  private void join() {
    for (int i = 0; i < masters.size(); i++) {
      int first = SLOTS * i / masters.size();
      int end = SLOTS * (i + 1) / masters.size();
      command(
          i,
          "CLUSTER ADDSLOTS "
              + IntStream.range(first, end)
                  .mapToObj(Integer::toString)
                  .collect(Collectors.joining(" ")));
      command(i, "CLUSTER SET-CONFIG-EPOCH " + (i + 1));
    }
    for (TestRedis other : masters.subList(1, masters.size())) {
      command(0, "CLUSTER MEET 127.0.0.1 " + other.port() + " " + (other.port() + BUS_PORT));
    }
    for (int i = 0; i < masters.size(); i++) {
      int master = i;
      Eventually.holds(
          () -> {
            String info = command(master, "CLUSTER INFO");
            return info.contains("cluster_state:ok")
                && info.contains("cluster_slots_assigned:" + SLOTS)
                && info.contains("cluster_known_nodes:" + masters.size());
          });
    }
  }

  public int size() {
    return masters.size();
  }

  /** The URL of one of the masters. */
  public String url(int master) {
    return masters.get(master).url();
  }

  /** {@code host:port} of each of the masters. */
  public List<String> nodes() {
    return masters.stream().map(master -> "127.0.0.1:" + master.port()).toList();
  }

  /** Sends a command, whose words are separated by spaces, to a master and returns its reply. */
  public String command(int master, String words) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), masters.get(master).port())) {
      socket.getOutputStream().write((words + "\r\n").getBytes(StandardCharsets.UTF_8));
      var in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      String line = in.readLine();
      if (line == null || line.startsWith("-")) {
        throw new IllegalStateException(words + " was answered with " + line);
      }
      if (line.startsWith("*")) {
        var elements = new ArrayList<String>();
        for (int i = Integer.parseInt(line.substring(1)); i > 0; i--) {
          elements.add(in.readLine().substring(1));
        }
        return String.join(" ", elements);
      }
      if (!line.startsWith("$")) {
        return line.substring(1);
      }
      var text = new char[Integer.parseInt(line.substring(1))];
      int length = 0;
      while (length < text.length) {
        length += in.read(text, length, text.length - length);
      }
      return new String(text);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public void close() {
    masters.forEach(TestRedis::close);
  }
}

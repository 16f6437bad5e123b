package dev.rookery.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A node in its own JVM, started the way an operator starts it, so that it can be killed. Uses the
 * packaged jar if the build has one, otherwise the class path.
 */
public final class NodeProcess implements AutoCloseable {
  /** Without it a node starts its process a second time. */
  public static final String EXIT_FLAG = "-XX:+ExitOnOutOfMemoryError";

  /** The flags of every node, with which {@link NodeArchive} also creates the AOT cache. */
  static final List<String> FLAGS =
      List.of(
          "-Xmx512m",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow",
          EXIT_FLAG);

  private static final Duration READY_WITHIN = Duration.ofMinutes(5);

  // Below the ports that systems give to outgoing connections, which could take one that is free.
  private static final int PORT_MIN = 10_000;
  private static final int PORT_COUNT = 20_000;

  /** Each process of a test run begins somewhere else. */
  private static final AtomicInteger NEXT_PORT =
      new AtomicInteger(ThreadLocalRandom.current().nextInt(PORT_COUNT));

  private final Process process;
  private final String host;
  private final int port;
  private final Path log;

  private NodeProcess(Process process, String host, int port, Path log) {
    this.process = process;
    this.host = host;
    this.port = port;
    this.log = log;
  }

  /** Starts a node on a free port with its data in a folder, and waits until it is ready. */
  public static NodeProcess start(Path data, Map<String, String> environment, String... flags) {
    var node = launch(List.of(), "127.0.0.1", data, freePort(), environment, flags);
    node.awaitReady();
    return node;
  }

  public static NodeProcess start(Path data, int port, Map<String, String> environment) {
    var node = launch(List.of(), "127.0.0.1", data, port, environment);
    node.awaitReady();
    return node;
  }

  /**
   * Starts a node without waiting for it.
   *
   * @param prefix words before the command, such as those that run it in another network namespace
   */
  static NodeProcess launch(
      List<String> prefix,
      String host,
      Path data,
      int port,
      Map<String, String> environment,
      String... flags) {
    try {
      var command = new ArrayList<>(prefix);
      command.addAll(command(flags));
      Files.createDirectories(data);
      Path log = data.resolve("node-" + port + ".log");
      var builder =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      builder.environment().put("ROOKERY_HTTP_HOST", host);
      builder.environment().put("PORT", Integer.toString(port));
      builder.environment().put("ROOKERY_DATA_DIR", data.toString());
      builder.environment().put("RATE_LIMIT_HTTP_GENERAL_LIMIT", "100000000");
      builder.environment().put("RATE_LIMIT_HTTP_AUTH_LIMIT", "100000000");
      builder.environment().putAll(environment);
      return new NodeProcess(builder.start(), host, port, log);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** The command that starts a node, depending on what the build has. */
  public static List<String> command(String... flags) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(FLAGS);
    NodeArchive.flag().ifPresent(command::add);
    command.addAll(List.of(flags));
    String jar = System.getProperty("rookery.jar");
    if (jar != null && Files.exists(Path.of(jar))) {
      command.addAll(List.of("-jar", jar));
    } else {
      command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.rookery.Main"));
    }
    return command;
  }

  /** Waits until the node is ready; fails with its log if it does not become ready. */
  public void awaitReady() {
    try {
      awaitReady(process, host, port);
    } catch (AssertionError failure) {
      process.destroyForcibly();
      throw new AssertionError(failure.getMessage() + "\n" + log(), failure);
    }
  }

  /** Waits until the node on the port is ready, as long as the process is alive. */
  public static void awaitReady(Process process, int port) {
    awaitReady(process, "127.0.0.1", port);
  }

  private static void awaitReady(Process process, String host, int port) {
    var client = HttpClient.newHttpClient();
    var uri = URI.create("http://" + host + ":" + port + "/health/ready");
    var ready = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).build();
    long deadline = System.nanoTime() + READY_WITHIN.toNanos();
    while (System.nanoTime() < deadline) {
      try {
        if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
          throw new AssertionError("the node ended with " + process.exitValue());
        }
        if (client.send(ready, BodyHandlers.discarding()).statusCode() == 200) {
          return;
        }
      } catch (IOException _) {
        // The port is not open yet.
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    throw new AssertionError("the node is not ready");
  }

  public int port() {
    return port;
  }

  public URI uri(String path) {
    return URI.create("http://" + host + ":" + port + path);
  }

  public String log() {
    try {
      return Files.readString(log);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  public long pid() {
    return process.pid();
  }

  /** Sends SIGSTOP: the process stops and does not know it. */
  public void pause() {
    signal("STOP");
  }

  /** Sends SIGCONT: the process continues. */
  public void unpause() {
    signal("CONT");
  }

  private void signal(String name) {
    try {
      int status = new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start().waitFor();
      if (status != 0) {
        throw new AssertionError("kill -" + name + " ended with " + status);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    }
  }

  /** Sends SIGKILL and waits for the end of the process. */
  public void kill() {
    process.destroyForcibly();
    end(Duration.ofMinutes(2));
  }

  /** Sends SIGTERM, waits, and returns the exit status. */
  public int stop() {
    process.destroy();
    return end(Duration.ofMinutes(2));
  }

  /** Waits until the process has ended by itself, and returns the exit status. */
  public int awaitEnd() {
    return end(Duration.ofMinutes(2));
  }

  private int end(Duration within) {
    try {
      if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("the node did not end within " + within + "\n" + log());
      }
      return process.exitValue();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    }
  }

  /** A port of 127.0.0.1 at which nothing listens; never twice the same in one process. */
  public static int freePort() {
    for (int tries = 0; tries < PORT_COUNT; tries++) {
      int port = PORT_MIN + Math.floorMod(NEXT_PORT.getAndIncrement(), PORT_COUNT);
      try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return port;
      } catch (IOException _) {
        // Something listens there.
      }
    }
    throw new IllegalStateException("no port is free");
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      kill();
    }
  }
}

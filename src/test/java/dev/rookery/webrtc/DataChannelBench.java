package dev.rookery.webrtc;

import dev.rookery.testkit.DataChannelClient;
import dev.rookery.testkit.ExtensionSources;
import dev.rookery.testkit.NodeProcess;
import dev.rookery.testkit.PhoenixClient;
import dev.rookery.testkit.RestPlayer;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * Benchmark: calls of a function that returns its argument, over data channels and over WebSockets
 * of the same players, in turns, and the memory of peers that do nothing. The node is a process of
 * its own on the first core; its clients are in this one, on the second.
 *
 * <p>Arguments: the number of clients that call (100), of idle peers (1,000), and the seconds of
 * each measurement (10).
 *
 * <pre>{@code
 * mvn -q test-compile exec:exec -Dexec.executable=java -Dexec.classpathScope=test \
 *     -Dexec.args="--enable-native-access=ALL-UNNAMED -cp %classpath dev.rookery.webrtc.DataChannelBench"
 * }</pre>
 */
final class DataChannelBench {
  private static final Duration WARM_UP = Duration.ofSeconds(10);
  private static final int ROUNDS = 3;

  /** A call and its result. */
  private static final int MESSAGES = 2;

  /** Clients that connect meanwhile: fewer than in the time after which a silent socket ends. */
  private static final int BETWEEN_HEARTBEATS = 50;

  /** The second compiler too, which nodes of tests do without. */
  private static final String COMPILERS = "-XX:TieredStopAtLevel=4";

  private final NodeProcess node;
  private final List<Client> clients = new ArrayList<>();

  private DataChannelBench(NodeProcess node) {
    this.node = node;
  }

  private record Client(PhoenixClient socket, String topic, DataChannelClient peer) {
    void callOnPeer() {
      peer.send(
          "events", "{\"type\":\"call_hook\",\"plugin\":\"game\",\"fn\":\"echo\",\"args\":[1]}");
      peer.next();
    }

    void callOnSocket() {
      socket.call(
          topic,
          "call_hook",
          JsonObject.of("plugin", "game", "fn", "echo", "args", JsonArray.of(1)));
    }
  }

  private interface Call {
    void on(Client client);
  }

  public static void main(String[] arguments) throws Exception {
    int calling = argument(arguments, 0, 100);
    int idle = argument(arguments, 1, 1_000);
    var time = Duration.ofSeconds(argument(arguments, 2, 10));
    Path folder = Files.createTempDirectory("data-channel-bench");
    ExtensionSources.put(
        folder,
        "game",
        ExtensionSources.started(
            "1",
            """
            context.functions().add(RpcFunction.named("echo").taking("value")
                .handledBy(call -> call.arguments().getValue(0)));
            """));
    Map<String, String> environment =
        Map.of(
            "EXTENSIONS_DIR", folder.toString(),
            "ROOKERY_RATE_LIMIT_ENABLED", "false",
            "ROOKERY_SOCKETS_FRAMES_PER_SECOND_MAX", "100000",
            "WEBRTC_ICE_SERVERS", "stun:127.0.0.1:9");
    try (var node =
        NodeProcess.start(Files.createTempDirectory("data-channel-node"), environment, COMPILERS)) {
      pin(node.pid(), 0);
      pin(ProcessHandle.current().pid(), 1);
      var bench = new DataChannelBench(node);
      for (int i = 0; i < calling; i++) {
        bench.clients.add(bench.connect("caller-" + i));
      }
      bench.run("warm-up", WARM_UP, Client::callOnPeer);
      bench.run("warm-up", WARM_UP, Client::callOnSocket);
      for (int i = 0; i < ROUNDS; i++) {
        bench.run("data channel", time, Client::callOnPeer);
        bench.run("WebSocket", time, Client::callOnSocket);
      }
      bench.measureIdle(idle);
    }
    System.exit(0);
  }

  /** Moves all threads of a process to one core. */
  private static void pin(long pid, int core) throws IOException, InterruptedException {
    int status =
        new ProcessBuilder("taskset", "-acp", Integer.toString(core), Long.toString(pid))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor();
    if (status != 0) {
      System.out.println("process " + pid + " is not bound to a core");
    }
  }

  private static int argument(String[] arguments, int index, int otherwise) {
    return arguments.length > index ? Integer.parseInt(arguments[index]) : otherwise;
  }

  private Client connect(String device) throws IOException, InterruptedException {
    var player = RestPlayer.signIn(TestNode.client(), node.uri("/"), device);
    String topic = "user:" + player.id();
    PhoenixClient socket = PhoenixClient.connect(node.port(), player.token());
    socket.joinAndAwait(topic, "updated");
    return new Client(
        socket, topic, new DataChannelClient(socket, topic).with("events", true).connect());
  }

  private void run(String name, Duration time, Call call) {
    Histogram times = new ConcurrentHistogram(3);
    var calls = new LongAdder();
    double cpu = NodeStats.cpuSeconds(node);
    long end = System.nanoTime() + time.toNanos();
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Client client : clients) {
        callers.submit(
            () -> {
              while (System.nanoTime() < end) {
                long start = System.nanoTime();
                call.on(client);
                times.recordValue(System.nanoTime() - start);
                calls.increment();
              }
            });
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%-12s %,8.0f round trips/s  p50 %6.2f ms  p99 %6.2f ms  %6.1f us of the node's CPU for"
            + " each message%n",
        name,
        calls.sum() / (time.toMillis() / 1e3),
        times.getValueAtPercentile(50) / 1e6,
        times.getValueAtPercentile(99) / 1e6,
        (NodeStats.cpuSeconds(node) - cpu) * 1e6 / Math.max(1, calls.sum() * MESSAGES));
  }

  private void measureIdle(int count) throws IOException, InterruptedException {
    var sockets = new ArrayList<PhoenixClient>();
    var players = new ArrayList<RestPlayer>();
    for (int i = 0; i < count; i++) {
      var player = RestPlayer.signIn(TestNode.client(), node.uri("/"), "idle-" + i);
      PhoenixClient socket = PhoenixClient.connect(node.port(), player.token());
      socket.joinAndAwait("user:" + player.id(), "updated");
      players.add(player);
      sockets.add(socket);
      if (i % BETWEEN_HEARTBEATS == 0) {
        keepOpen(sockets);
      }
    }
    NodeStats before = NodeStats.of(node);
    for (int i = 0; i < count; i++) {
      new DataChannelClient(sockets.get(i), "user:" + players.get(i).id())
          .with("events", true)
          .connect();
      if (i % BETWEEN_HEARTBEATS == 0) {
        keepOpen(sockets);
      }
    }
    NodeStats after = NodeStats.of(node);
    System.out.printf(
        Locale.ROOT,
        "%,d idle peers: each takes %.1f KB of native memory, and adds %.1f KB of resident"
            + " memory%n",
        count,
        (after.nativeBytes() - before.nativeBytes()) / 1024d / count,
        (after.residentBytes() - before.residentBytes()) / 1024d / count);
  }

  private static void keepOpen(List<PhoenixClient> sockets) {
    sockets.forEach(
        socket -> socket.send(null, "heartbeat", "phoenix", "heartbeat", new JsonObject()));
  }
}

package dev.rookery.webrtc;

import dev.rookery.testkit.DataChannelClient;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.ExtensionSources;
import dev.rookery.testkit.NodeProcess;
import dev.rookery.testkit.PhoenixClient;
import dev.rookery.testkit.RestPlayer;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Lets peers come and go on a node of its own process, in all the ways in which they end, and shows
 * what they leave behind. Ends with 1 if it is a thread or a descriptor.
 *
 * <p>Arguments: the number of peers (2,000), how many at once (50), and the number of offers that
 * are not well-formed (2,000).
 */
final class PeerSoak {
  private static final int LINES = 10;

  // Of connections and timers that the node opens meanwhile, whatever the number of peers.
  private static final int THREADS_OF_OTHERS = 5;
  private static final int DESCRIPTORS_OF_OTHERS = 20;

  /** Fewer than the frames that a socket may send at once. */
  private static final int OFFERS_PER_SOCKET = 20;

  private static final String ECHO =
      "{\"type\":\"call_hook\",\"plugin\":\"game\",\"fn\":\"echo\",\"args\":[1]}";

  private final NodeProcess node;
  private final List<RestPlayer> players = new ArrayList<>();

  private PeerSoak(NodeProcess node) {
    this.node = node;
  }

  public static void main(String[] arguments) throws Exception {
    int count = argument(arguments, 0, 2_000);
    int atOnce = argument(arguments, 1, 50);
    int malformed = argument(arguments, 2, 2_000);
    Path folder = Files.createTempDirectory("peer-soak");
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
            "ROOKERY_WEB_RTC_CONNECT_WITHIN", "5s",
            "WEBRTC_ICE_SERVERS", "stun:127.0.0.1:9");
    boolean clean;
    try (var node = NodeProcess.start(Files.createTempDirectory("peer-soak-node"), environment)) {
      clean = new PeerSoak(node).run(count, atOnce, malformed);
    }
    System.exit(clean ? 0 : 1);
  }

  private static int argument(String[] arguments, int index, int otherwise) {
    return arguments.length > index ? Integer.parseInt(arguments[index]) : otherwise;
  }

  private boolean run(int count, int atOnce, int malformed) throws Exception {
    for (int i = 0; i < atOnce; i++) {
      players.add(RestPlayer.signIn(TestNode.client(), node.uri("/"), "soaking-" + i));
    }
    // Starts the library, and all pools.
    comeAndGo(0, atOnce);
    offerMalformed(20);
    NodeStats before = awaitNoPeers("before");
    int each = Math.max(atOnce, count / LINES);
    int done = 0;
    while (done < count) {
      int until = Math.min(count, done + each);
      while (done < until) {
        comeAndGo(done, atOnce);
        done += atOnce;
      }
      awaitNoPeers(String.format(Locale.ROOT, "%,d", done));
    }
    NodeStats after = awaitNoPeers("after");
    System.out.printf(
        Locale.ROOT,
        "%,d bytes more native memory for each peer, with all that the node allocated meanwhile%n",
        (after.nativeBytes() - before.nativeBytes()) / done);
    offerMalformed(malformed);
    NodeStats last = awaitNoPeers("after offers that are not well-formed");
    boolean clean =
        last.threads() <= before.threads() + THREADS_OF_OTHERS
            && last.descriptors() <= before.descriptors() + DESCRIPTORS_OF_OTHERS
            && last.udpSockets() <= before.udpSockets();
    System.out.println(clean ? "nothing is left behind" : "something is left behind");
    return clean;
  }

  private NodeStats awaitNoPeers(String when) {
    Eventually.holds(() -> NodeStats.of(node).peers() == 0);
    NodeStats now = NodeStats.of(node);
    System.out.println(when + ": " + now);
    return now;
  }

  private void comeAndGo(int first, int count) throws InterruptedException, ExecutionException {
    try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      var running = new ArrayList<Future<?>>();
      for (int i = 0; i < count; i++) {
        RestPlayer player = players.get(i);
        Ending ending = Ending.values()[(first + i) % Ending.values().length];
        running.add(clients.submit(() -> comeAndGo(player, ending)));
      }
      for (Future<?> one : running) {
        one.get();
      }
    }
  }

  /** How a peer ends. */
  private enum Ending {
    CLOSED_BY_SIGNAL,
    CLOSED_WITH_SOCKET,
    CLOSED_BY_CLIENT,
    REPLACED,
    NEVER_CONNECTED
  }

  private void comeAndGo(RestPlayer player, Ending ending) {
    String topic = "user:" + player.id();
    try (var socket = PhoenixClient.connect(node.port(), player.token())) {
      socket.joinAndAwait(topic, "updated");
      try (var peer = client(socket, topic)) {
        if (ending == Ending.NEVER_CONNECTED) {
          socket.call(topic, "webrtc:offer", JsonObject.of("sdp", peer.offer(), "type", "offer"));
          return;
        }
        peer.connect();
        peer.send("events", ECHO);
        peer.next();
        switch (ending) {
          case CLOSED_BY_SIGNAL -> socket.call(topic, "webrtc:close", new JsonObject());
          case REPLACED -> {
            try (var tablet = PhoenixClient.connect(node.port(), player.token())) {
              tablet.joinAndAwait(topic, "updated");
              try (var next = client(tablet, topic).connect()) {
                next.send("events", ECHO);
                next.next();
              }
            }
          }
          case CLOSED_WITH_SOCKET -> socket.socket().close();
          // The client closes its peer, which is the first resource to end, before its socket.
          case CLOSED_BY_CLIENT, NEVER_CONNECTED -> {}
        }
      }
    }
  }

  private static DataChannelClient client(PhoenixClient socket, String topic) {
    return new DataChannelClient(socket, topic).with("events", true).with("state", false);
  }

  private void offerMalformed(int count) {
    RestPlayer player = players.getFirst();
    String topic = "user:" + player.id();
    for (int first = 0; first < count; first += OFFERS_PER_SOCKET) {
      try (var socket = PhoenixClient.connect(node.port(), player.token())) {
        socket.joinAndAwait(topic, "updated");
        String offer;
        try (var peer = client(socket, topic)) {
          offer = peer.offer();
        }
        for (int seed = first; seed < first + OFFERS_PER_SOCKET; seed++) {
          String sdp = new Mutations(seed).of(offer);
          socket.call(topic, "webrtc:offer", JsonObject.of("sdp", sdp, "type", "offer"));
        }
      }
    }
  }
}

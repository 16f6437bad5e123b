package dev.rookery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Databases;
import dev.rookery.testkit.NodeProcess;
import dev.rookery.testkit.RestPlayer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A node is killed without warning while players gather and talk, and started again on the same
 * data: whatever it said yes to is there, once, and no lobby holds more than its seats.
 */
final class NodeCrashIT {
  private static final int LOBBIES = 6;
  private static final int SEATS = 4;
  private static final int WANDERERS = 30;
  private static final int ACKNOWLEDGED_BEFORE_THE_KILL = 1_500;
  private static final int KILLS = 3;

  @TempDir Path folder;

  @ParameterizedTest(name = "{0}")
  @MethodSource("dev.rookery.testkit.Databases#locations")
  void everyAcknowledgedWriteIsThereOnceAfterAKill(Databases.TestDatabase database)
      throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed + " on " + database);
    var environment = Map.of("DATABASE_URL", database.url());
    Path data = folder.resolve("data");
    int port = NodeProcess.freePort();
    var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    List<Host> hosts = new ArrayList<>();
    List<RoamingPlayer> wanderers = new ArrayList<>();

    for (int kill = 0; kill <= KILLS; kill++) {
      try (var node = NodeProcess.start(data, port, environment)) {
        if (kill == 0) {
          for (int i = 0; i < LOBBIES; i++) {
            hosts.add(Host.open(RestPlayer.signIn(client, node.uri("/"), "host-" + i), i));
          }
          for (int i = 0; i < WANDERERS; i++) {
            wanderers.add(
                new RoamingPlayer(
                    RestPlayer.signIn(client, node.uri("/"), "wanderer-" + i),
                    new Random(seed + i)));
          }
        } else {
          check(hosts, wanderers);
        }
        if (kill < KILLS) {
          storm(node, hosts, wanderers);
        }
      }
    }
  }

  /** Everybody does something at once until enough was acknowledged; then the node is killed. */
  private static void storm(NodeProcess node, List<Host> hosts, List<RoamingPlayer> wanderers)
      throws InterruptedException {
    var acknowledged = new AtomicInteger();
    var enough = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (RoamingPlayer wanderer : wanderers) {
        threads.submit(
            () -> {
              while (wanderer.act(hosts)) {
                if (acknowledged.incrementAndGet() == ACKNOWLEDGED_BEFORE_THE_KILL) {
                  enough.countDown();
                }
              }
              return null;
            });
      }
      enough.await();
      node.kill();
    }
  }

  private static void check(List<Host> hosts, List<RoamingPlayer> wanderers) throws Exception {
    Map<Long, List<Long>> members = new HashMap<>();
    for (Host host : hosts) {
      var shown = host.player.get("/api/v1/lobbies/" + host.lobby);
      assertThat(shown.status()).isEqualTo(200);
      var ids = new ArrayList<Long>();
      for (Object member : shown.body().getJsonArray("members")) {
        ids.add(((JsonObject) member).getLong("id"));
      }
      assertThat(ids).doesNotHaveDuplicates().contains(host.player.id());
      assertThat(ids.size()).isLessThanOrEqualTo(SEATS);
      members.put(host.lobby, ids);
    }
    Map<String, Integer> written = new HashMap<>();
    for (Host host : hosts) {
      for (String content : host.history()) {
        written.merge(content, 1, Integer::sum);
      }
    }
    assertThat(written.values()).as("no message twice").allMatch(count -> count == 1);
    for (RoamingPlayer wanderer : wanderers) {
      assertThat(written.keySet()).containsAll(wanderer.said);
      long lobby = wanderer.player.get("/api/v1/me").body().getLong("lobby_id");
      if (!wanderer.unsure) {
        assertThat(lobby).isEqualTo(wanderer.lobby);
      }
      wanderer.lobby = lobby;
      wanderer.unsure = false;
      members.forEach(
          (id, ids) -> assertThat(ids.contains(wanderer.player.id())).isEqualTo(id == lobby));
    }
  }

  /** Opens a lobby, stays in it and sees its history. */
  private record Host(RestPlayer player, long lobby) {
    static Host open(RestPlayer player, int number) throws IOException, InterruptedException {
      var opened =
          player.post(
              "/api/v1/lobbies", JsonObject.of("title", "storm " + number, "max_users", SEATS));
      assertThat(opened.status()).isEqualTo(201);
      return new Host(player, opened.body().getLong("id"));
    }

    List<String> history() throws IOException, InterruptedException {
      var contents = new ArrayList<String>();
      for (int page = 1; ; page++) {
        var answer =
            player.get(
                "/api/v1/chat/messages?chat_type=lobby&page_size=100&chat_ref_id="
                    + lobby
                    + "&page="
                    + page);
        assertThat(answer.status()).isEqualTo(200);
        JsonArray messages = answer.body().getJsonArray("data");
        messages.forEach(message -> contents.add(((JsonObject) message).getString("content")));
        if (messages.size() < 100) {
          return contents;
        }
      }
    }
  }

  /** Goes from lobby to lobby, talks, and remembers what it was told. */
  private static final class RoamingPlayer {
    private final RestPlayer player;
    private final Random random;
    private final List<String> said = new ArrayList<>();
    private long lobby = -1;
    private boolean unsure;
    private int count;

    RoamingPlayer(RestPlayer player, Random random) {
      this.player = player;
      this.random = random;
    }

    /** One command; false when the node is gone and nobody knows whether it happened. */
    boolean act(List<Host> hosts) {
      try {
        if (lobby < 0) {
          long wanted = hosts.get(random.nextInt(hosts.size())).lobby;
          unsure = true;
          var answer = player.post("/api/v1/lobbies/" + wanted + "/join", new JsonObject());
          unsure = answer.status() >= 500;
          if (answer.ok()) {
            lobby = wanted;
          }
        } else if (random.nextInt(4) == 0) {
          unsure = true;
          var answer = player.post("/api/v1/lobbies/leave", new JsonObject());
          unsure = answer.status() >= 500;
          if (answer.ok()) {
            lobby = -1;
          }
        } else {
          String content = player.id() + " says " + count++;
          var answer =
              player.post(
                  "/api/v1/chat/messages",
                  JsonObject.of("chat_type", "lobby", "chat_ref_id", lobby, "content", content));
          if (answer.status() == 201) {
            said.add(content);
          }
        }
        return !unsure;
      } catch (IOException _) {
        return false;
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
  }
}

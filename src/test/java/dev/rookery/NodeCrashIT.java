package dev.rookery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.NodeProcess;
import dev.rookery.testkit.RestPlayer;
import dev.rookery.testkit.TestSeed;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Kills a node while players join lobbies and chat, and restarts it on the same data: every
 * acknowledged write is there once, and no lobby has more members than seats. Kills a node right
 * after it accepted messages and a notification to a large group: each member has theirs once.
 */
final class NodeCrashIT {
  private static final int LOBBIES = 6;
  private static final int SEATS = 4;
  private static final int PLAYERS = 30;
  private static final int ACKNOWLEDGED_BEFORE_KILL = 600;
  private static final int KILLS = 2;

  /** More than the members to whom one transaction stores a notification. */
  private static final int MEMBERS = 300;

  private static final int MESSAGES = 5;
  private static final Map<String, Integer> ONCE = Map.of("Once", 1, "chat", MESSAGES);

  @TempDir Path folder;

  @ParameterizedTest(name = "{0}")
  @MethodSource("dev.rookery.testkit.Databases#locations")
  void keepsEveryAcknowledgedWriteOnceAfterKill(Databases.TestDatabase database) throws Exception {
    long seed = TestSeed.of("NodeCrashIT on " + database);
    var environment = Map.of("DATABASE_URL", database.url());
    Path data = folder.resolve("data");
    int port = NodeProcess.freePort();
    var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    List<Host> hosts = new ArrayList<>();
    List<RoamingPlayer> players = new ArrayList<>();

    for (int kill = 0; kill <= KILLS; kill++) {
      try (var node = NodeProcess.start(data, port, environment)) {
        if (kill == 0) {
          for (int i = 0; i < LOBBIES; i++) {
            hosts.add(Host.open(RestPlayer.signIn(client, node.uri("/"), "host-" + i), i));
          }
          for (int i = 0; i < PLAYERS; i++) {
            players.add(
                new RoamingPlayer(
                    RestPlayer.signIn(client, node.uri("/"), "player-" + i), new Random(seed + i)));
          }
        } else {
          check(hosts, players);
        }
        if (kill < KILLS) {
          runUntilKilled(node, hosts, players);
        }
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("dev.rookery.testkit.Databases#locations")
  void notifiesEachMemberOnceOfWhatWasAcceptedBeforeKill(Databases.TestDatabase database)
      throws Exception {
    var environment = Map.of("DATABASE_URL", database.url());
    Path data = folder.resolve("data");
    int port = NodeProcess.freePort();
    var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    RestPlayer admin;
    List<RestPlayer> members;
    long group;
    try (var node = NodeProcess.start(data, port, environment)) {
      admin = RestPlayer.signIn(client, node.uri("/"), "admin");
      var title = JsonObject.of("title", "Large", "max_members", MEMBERS + 1);
      group = admin.post("/api/v1/groups", title).body().getLong("id");
      members = members(client, node, group);
      // Nobody is connected, so that what is written is seen only in the lists.
      for (int message = 0; message < MESSAGES; message++) {
        var sent = JsonObject.of("chat_type", "group", "chat_ref_id", group, "content", "hi");
        assertThat(admin.post("/api/v1/chat/messages", sent).status()).isEqualTo(201);
      }
      var notice = JsonObject.of("title", "Once", "content", "for each");
      var answer = admin.post("/api/v1/groups/" + group + "/notify", notice);
      node.kill();
      assertThat(answer.body().getInteger("sent")).isEqualTo(MEMBERS);
    }

    try (var _ = NodeProcess.start(data, port, environment)) {
      for (RestPlayer member : members) {
        Eventually.holds(() -> countsOf(member).equals(ONCE));
      }
      assertThat(members).as("not more").allMatch(member -> countsOf(member).equals(ONCE));
      assertThat(notifications(admin)).isEmpty();
    }
  }

  private static List<RestPlayer> members(HttpClient client, NodeProcess node, long group)
      throws Exception {
    try (var threads = Executors.newFixedThreadPool(16)) {
      var joining = new ArrayList<Future<RestPlayer>>();
      for (int i = 0; i < MEMBERS; i++) {
        String device = "member-" + i;
        joining.add(
            threads.submit(
                () -> {
                  RestPlayer member = RestPlayer.signIn(client, node.uri("/"), device);
                  var joined = member.post("/api/v1/groups/" + group + "/join", new JsonObject());
                  assertThat(joined.status()).isEqualTo(200);
                  return member;
                }));
      }
      var members = new ArrayList<RestPlayer>();
      for (Future<RestPlayer> one : joining) {
        members.add(one.get());
      }
      return members;
    }
  }

  /** How many notices a member has of each title, and of how many messages they are told. */
  private static Map<String, Integer> countsOf(RestPlayer member) {
    var counts = new HashMap<String, Integer>();
    for (Object one : notifications(member)) {
      var notification = (JsonObject) one;
      Integer messages = notification.getJsonObject("metadata").getInteger("message_count");
      counts.merge(
          messages == null ? notification.getString("title") : "chat",
          messages == null ? 1 : messages,
          Integer::sum);
    }
    return counts;
  }

  private static JsonArray notifications(RestPlayer player) {
    try {
      return player.get("/api/v1/notifications").body().getJsonArray("data");
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  /** Runs commands of all players at once until enough were acknowledged; then kills the node. */
  private static void runUntilKilled(
      NodeProcess node, List<Host> hosts, List<RoamingPlayer> players) throws InterruptedException {
    var acknowledged = new AtomicInteger();
    var enough = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (RoamingPlayer roamer : players) {
        threads.submit(
            () -> {
              while (roamer.sendCommand(hosts)) {
                if (acknowledged.incrementAndGet() == ACKNOWLEDGED_BEFORE_KILL) {
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

  private static void check(List<Host> hosts, List<RoamingPlayer> players) throws Exception {
    Map<Long, List<Long>> members = new HashMap<>();
    for (Host host : hosts) {
      var answer = host.player.get("/api/v1/lobbies/" + host.lobby);
      assertThat(answer.status()).isEqualTo(200);
      var ids = new ArrayList<Long>();
      for (Object member : answer.body().getJsonArray("members")) {
        ids.add(((JsonObject) member).getLong("id"));
      }
      assertThat(ids).doesNotHaveDuplicates().contains(host.player.id());
      assertThat(ids.size()).isLessThanOrEqualTo(SEATS);
      members.put(host.lobby, ids);
    }
    Map<String, Integer> counts = new HashMap<>();
    for (Host host : hosts) {
      for (String content : host.history()) {
        counts.merge(content, 1, Integer::sum);
      }
    }
    assertThat(counts.values()).as("no message twice").allMatch(count -> count == 1);
    for (RoamingPlayer roamer : players) {
      assertThat(counts.keySet()).containsAll(roamer.acknowledgedMessages);
      long lobby = roamer.player.get("/api/v1/me").body().getLong("lobby_id");
      if (!roamer.uncertain) {
        assertThat(lobby).isEqualTo(roamer.lobby);
      }
      roamer.lobby = lobby;
      roamer.uncertain = false;
      members.forEach(
          (id, ids) -> assertThat(ids.contains(roamer.player.id())).isEqualTo(id == lobby));
    }
  }

  /** A player who creates a lobby, stays in it and reads its history. */
  private record Host(RestPlayer player, long lobby) {
    static Host open(RestPlayer player, int number) throws IOException, InterruptedException {
      var opened =
          player.post(
              "/api/v1/lobbies", JsonObject.of("title", "lobby " + number, "max_users", SEATS));
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

  /** A player who moves from lobby to lobby, sends messages, and records what was acknowledged. */
  private static final class RoamingPlayer {
    private final RestPlayer player;
    private final Random random;
    private final List<String> acknowledgedMessages = new ArrayList<>();
    private long lobby = -1;
    private boolean uncertain;
    private int count;

    RoamingPlayer(RestPlayer player, Random random) {
      this.player = player;
      this.random = random;
    }

    /** Sends one command; false when the node is gone and the outcome is unknown. */
    boolean sendCommand(List<Host> hosts) {
      try {
        if (lobby < 0) {
          long target = hosts.get(random.nextInt(hosts.size())).lobby;
          uncertain = true;
          var answer = player.post("/api/v1/lobbies/" + target + "/join", new JsonObject());
          uncertain = answer.status() >= 500;
          if (answer.ok()) {
            lobby = target;
          }
        } else if (random.nextInt(4) == 0) {
          uncertain = true;
          var answer = player.post("/api/v1/lobbies/leave", new JsonObject());
          uncertain = answer.status() >= 500;
          if (answer.ok()) {
            lobby = -1;
          }
        } else {
          String content = player.id() + " message " + count++;
          var answer =
              player.post(
                  "/api/v1/chat/messages",
                  JsonObject.of("chat_type", "lobby", "chat_ref_id", lobby, "content", content));
          if (answer.status() == 201) {
            acknowledgedMessages.add(content);
          }
        }
        return !uncertain;
      } catch (IOException _) {
        return false;
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
  }
}

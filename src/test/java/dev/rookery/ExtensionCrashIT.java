package dev.rookery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.ExtensionSources;
import dev.rookery.testkit.NodeProcess;
import dev.rookery.testkit.ProcessCluster;
import dev.rookery.testkit.RestPlayer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a node while hooks after changes give rewards, and restarts it on the same data: each
 * committed change is rewarded once. Replaces the three nodes of a cluster one after another while
 * players call functions and write messages: nothing is lost, and nothing happens twice.
 */
final class ExtensionCrashIT {
  private static final int KILLS = 2;
  private static final int PLAYERS = 4;
  private static final int ACKNOWLEDGED_BEFORE_KILL = 150;
  private static final String REWARDS =
      """
      var achievements = context.platform().achievements();
      try {
        achievements.create(
            AchievementSettings.named("writer", "Writer").withProgressTarget(100_000));
      } catch (PlatformException exists) {
        context.logger().debug("another node was first");
      }
      context.afterHooks().chatMessage(event ->
          achievements.increment(event.change().senderId(), "writer", 1, event.key()));
      context.functions().add(RpcFunction.named("rewards").handledBy(call ->
          achievements.listFor(call.caller().id(), 1, 1).items().getFirst().progress()));
      """;

  /** Stores each call once for each time that it is made, and the begin and end of each job. */
  private static final String CALLS_AND_JOBS =
      """
      var pool = context.database();
      context.functions().add(RpcFunction.named("note").taking("key").handledBy(call ->
          pool.preparedQuery("INSERT INTO entry (text) VALUES ($1)")
              .execute(io.vertx.sqlclient.Tuple.of(call.argument(0, String.class)))
              .await().rowCount()));
      context.functions().add(RpcFunction.named("entries").taking("prefix").handledBy(call -> {
        var found = new ArrayList<String>();
        pool.preparedQuery("SELECT text FROM entry WHERE text LIKE $1 ORDER BY id")
            .execute(io.vertx.sqlclient.Tuple.of(call.argument(0, String.class) + "%"))
            .await().forEach(row -> found.add(row.getString("text")));
        return found;
      }));
      ScheduledJob job = run -> {
        String key = run.jobName() + " " + run.periodKey();
        var before = pool.preparedQuery("SELECT id FROM entry WHERE text = $1")
            .execute(io.vertx.sqlclient.Tuple.of("begun " + key)).await();
        var begin = pool.preparedQuery("INSERT INTO entry (text) VALUES ($1)");
        begin.execute(io.vertx.sqlclient.Tuple.of("begun " + key)).await();
        if (run.jobName().equals("long") && before.size() == 0) {
          new CountDownLatch(1).await();
        }
        begin.execute(io.vertx.sqlclient.Tuple.of("ended " + key)).await();
      };
      context.schedules().cron("long", "0 0 1 1 *", job);
      context.schedules().cron("short", "* * * * *", job);
      """;

  @TempDir private Path folder;

  @Test
  void losesNothingWhileTheNodesOfAClusterAreReplaced() throws Exception {
    var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    try (var cluster = ProcessCluster.start(3, folder, Map.of("DRAIN_DELAY", "0"));
        var threads = Executors.newScheduledThreadPool(PLAYERS)) {
      var players = new ArrayList<RestPlayer>();
      for (int i = 0; i < PLAYERS; i++) {
        players.add(RestPlayer.signIn(client, cluster.node(0).uri("/"), "writer-" + i));
      }
      RestPlayer admin = players.getFirst();
      deploy(client, cluster.node(0), admin);
      for (int i = 1; i < cluster.size(); i++) {
        // A node that is slow switches after the answer.
        RestPlayer there = admin.atNode(cluster.node(i).uri("/"));
        Eventually.holds(() -> served(there, "").isPresent());
      }
      long group = openGroup(players);
      var writers = new ArrayList<Writer>();
      for (RestPlayer player : players) {
        var writer = new Writer(cluster, player, group);
        writers.add(writer);
        threads.scheduleWithFixedDelay(writer, 0, 100, TimeUnit.MILLISECONDS);
      }

      // One is killed while it runs a job, the others are drained.
      String job = "/api/v1/admin/extensions/game/schedules/long/run";
      assertThat(admin.post(job, new JsonObject()).ok()).isTrue();
      RestPlayer reader = admin.atNode(cluster.node(1).uri("/"));
      Eventually.holds(() -> served(reader, "begun long").stream().anyMatch(x -> x.size() == 1));
      cluster.node(0).kill();
      Eventually.holds(() -> served(reader, "ended long").stream().anyMatch(x -> x.size() == 1));
      cluster.restart(0);
      for (int i = 1; i < cluster.size(); i++) {
        assertThat(cluster.node(i).stop()).isZero();
        cluster.restart(i);
      }
      threads.shutdown();
      assertThat(threads.awaitTermination(120, TimeUnit.SECONDS)).isTrue();

      List<String> notes = entries(admin, "note ");
      assertThat(notes).doesNotHaveDuplicates();
      for (Writer writer : writers) {
        assertThat(writer.failures).isEmpty();
        assertThat(notes).containsAll(writer.notes);
      }
      assertThat(entries(admin, "begun long"))
          .hasSize(2)
          .containsOnly("begun long " + period(admin));
      assertThat(entries(admin, "ended long")).containsExactly("ended long " + period(admin));
      assertThat(entries(admin, "begun short")).doesNotHaveDuplicates();
      int stored = messages(admin, group);
      assertThat(stored)
          .isGreaterThanOrEqualTo(writers.stream().mapToInt(writer -> writer.messages.get()).sum());
      Eventually.holds(() -> rewards(players) >= stored);
      assertThat(rewards(players)).isEqualTo(stored);
    }
  }

  private static String period(RestPlayer reader) {
    return entries(reader, "begun long").getFirst().substring("begun long ".length());
  }

  private static void deploy(HttpClient client, NodeProcess node, RestPlayer admin)
      throws Exception {
    byte[] jar =
        ExtensionSources.started(
            "1",
            REWARDS + CALLS_AND_JOBS,
            Map.of(
                "migrations/V1__entry.sql",
                "CREATE TABLE entry (id ${identity}, text TEXT NOT NULL);"));
    var upload =
        HttpRequest.newBuilder(node.uri("/api/v1/admin/extensions/game"))
            .header("authorization", "Bearer " + admin.token())
            .header("content-type", "application/octet-stream")
            .PUT(BodyPublishers.ofByteArray(jar))
            .build();
    var answer = client.send(upload, BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  /** A player who writes a message and calls a function, and repeats nothing. */
  private static final class Writer implements Runnable {
    private final ProcessCluster cluster;
    private final RestPlayer player;
    private final long group;
    private final Queue<String> notes = new ConcurrentLinkedQueue<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger messages = new AtomicInteger();
    private int turn;

    Writer(ProcessCluster cluster, RestPlayer player, long group) {
      this.cluster = cluster;
      this.player = player;
      this.group = group;
    }

    /** On one node after another. */
    @Override
    public void run() {
      turn++;
      RestPlayer there = player.atNode(cluster.node(turn % cluster.size()).uri("/"));
      String note = "note " + player.id() + "-" + turn;
      try {
        if (isDone(there.post("/api/v1/hooks/call", call("note", note)), 200)) {
          notes.add(note);
        }
        if (isDone(there.post("/api/v1/chat/messages", message(group)), 201)) {
          messages.incrementAndGet();
        }
      } catch (IOException gone) {
        // The node has ended; the next one is asked the next time.
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    private boolean isDone(RestPlayer.Response answer, int status) {
      if (answer.status() != status && answer.status() != 503) {
        failures.add(answer.toString());
      }
      return answer.status() == status;
    }
  }

  private static List<String> entries(RestPlayer reader, String prefix) {
    return served(reader, prefix).orElseThrow();
  }

  /** The entries; empty if the node does not answer with them now. */
  private static Optional<List<String>> served(RestPlayer reader, String prefix) {
    try {
      var answer = reader.post("/api/v1/hooks/call", call("entries", prefix));
      return Optional.ofNullable(answer.body().getJsonArray("data"))
          .map(found -> found.stream().map(String.class::cast).toList());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  private static JsonObject call(String function, String argument) {
    return JsonObject.of("plugin", "game", "fn", function, "args", JsonArray.of(argument));
  }

  private static JsonObject message(long group) {
    return JsonObject.of("chat_type", "group", "chat_ref_id", group, "content", "hi");
  }

  private static int messages(RestPlayer reader, long group) throws Exception {
    String path = "/api/v1/chat/messages?chat_type=group&chat_ref_id=" + group;
    return reader.get(path).body().getJsonObject("meta").getInteger("total_count");
  }

  @Test
  void rewardsEachChangeOnceAlthoughTheNodeIsKilled() throws Exception {
    try (var database = Databases.sqlite()) {
      rewardsEachChangeOnce(database);
    }
  }

  private void rewardsEachChangeOnce(Databases.TestDatabase database) throws Exception {
    Path extensions = Files.createDirectory(folder.resolve("extensions"));
    ExtensionSources.put(extensions, "game", ExtensionSources.started("1", REWARDS));
    var environment =
        Map.of("DATABASE_URL", database.url(), "EXTENSIONS_DIR", extensions.toString());
    Path data = folder.resolve("data");
    int port = NodeProcess.freePort();
    var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    var players = new ArrayList<RestPlayer>();
    var acknowledged = new AtomicInteger();
    long group = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      try (var node = NodeProcess.start(data, port, environment)) {
        if (kill == 0) {
          for (int i = 0; i < PLAYERS; i++) {
            players.add(RestPlayer.signIn(client, node.uri("/"), "writer-" + i));
          }
          group = openGroup(players);
        }
        writeUntilKilled(node, players, group, acknowledged);
      }
    }
    try (var node = NodeProcess.start(data, port, environment)) {
      RestPlayer reader = players.getFirst();
      int stored = messages(reader, group);
      assertThat(stored).isGreaterThanOrEqualTo(acknowledged.get());
      Eventually.holds(() -> rewards(players) >= stored);
      // A change that is not in the past any more cannot be rewarded again.
      assertThat(rewards(players)).isEqualTo(stored);
      assertThat(node.stop()).isZero();
    }
  }

  private static long openGroup(List<RestPlayer> players) throws Exception {
    var settings = JsonObject.of("title", "Writers", "max_members", PLAYERS);
    long group = players.getFirst().post("/api/v1/groups", settings).body().getLong("id");
    for (RestPlayer player : players.subList(1, PLAYERS)) {
      var joined = player.post("/api/v1/groups/" + group + "/join", new JsonObject());
      assertThat(joined.status()).isEqualTo(200);
    }
    return group;
  }

  private static void writeUntilKilled(
      NodeProcess node, List<RestPlayer> players, long group, AtomicInteger acknowledged)
      throws InterruptedException {
    int enough = acknowledged.get() + ACKNOWLEDGED_BEFORE_KILL;
    var reached = new CountDownLatch(1);
    JsonObject message = message(group);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (RestPlayer player : players) {
        threads.execute(
            () -> {
              while (isSent(player, message)) {
                if (acknowledged.incrementAndGet() == enough) {
                  reached.countDown();
                }
              }
            });
      }
      reached.await();
      node.kill();
    }
  }

  /** False once the node is gone. */
  private static boolean isSent(RestPlayer player, JsonObject message) {
    try {
      assertThat(player.post("/api/v1/chat/messages", message).status()).isEqualTo(201);
      return true;
    } catch (IOException killed) {
      return false;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static int rewards(List<RestPlayer> players) {
    var call = JsonObject.of("plugin", "game", "fn", "rewards");
    int all = 0;
    for (RestPlayer player : players) {
      try {
        all += player.post("/api/v1/hooks/call", call).body().getInteger("data");
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(interrupted);
      }
    }
    return all;
  }
}

package dev.rookery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.ExtensionSources;
import dev.rookery.testkit.NodeProcess;
import dev.rookery.testkit.RestPlayer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Kills a node while hooks after changes give rewards, and restarts it on the same data: each
 * committed change is rewarded once.
 */
final class ExtensionCrashIT {
  private static final int KILLS = 2;
  private static final int PLAYERS = 4;
  private static final int ACKNOWLEDGED_BEFORE_KILL = 150;
  private static final String REWARDS =
      """
      var achievements = context.platform().achievements();
      if (achievements.find("writer") == null) {
        achievements.create(
            AchievementSettings.named("writer", "Writer").withProgressTarget(100_000));
      }
      context.afterHooks().chatMessage(event ->
          achievements.increment(event.change().senderId(), "writer", 1, event.key()));
      context.functions().add(RpcFunction.named("rewards").handledBy(call ->
          achievements.listFor(call.caller().id(), 1, 1).items().getFirst().progress()));
      """;

  @TempDir private Path folder;

  @ParameterizedTest(name = "{0}")
  @MethodSource("dev.rookery.testkit.Databases#locations")
  void rewardsEachChangeOnceAlthoughNodesAreKilled(Databases.TestDatabase database)
      throws Exception {
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
      String path = "/api/v1/chat/messages?chat_type=group&chat_ref_id=" + group;
      int stored = reader.get(path).body().getJsonObject("meta").getInteger("total_count");
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
    var message = JsonObject.of("chat_type", "group", "chat_ref_id", group, "content", "hi");
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

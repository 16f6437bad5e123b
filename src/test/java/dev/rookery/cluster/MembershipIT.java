package dev.rookery.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.NodeMetrics;
import dev.rookery.testkit.NodeProcess;
import dev.rookery.testkit.PhoenixClient;
import dev.rookery.testkit.RestPlayer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes in separate processes, one of which is killed or paused. */
@Timeout(300)
final class MembershipIT {
  private static final Duration OFFLINE_WITHIN = Duration.ofSeconds(30);
  private static final Duration TAKEN_OVER_WITHIN = Duration.ofSeconds(20);

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Databases.TestDatabase database = Databases.postgres();

  @TempDir private Path folder;
  private NodeProcess first;
  private NodeProcess second;
  private RestPlayer ann;
  private RestPlayer bob;
  private String lobby;

  @BeforeEach
  void start() throws Exception {
    int firstPort = NodeProcess.freePort();
    int secondPort = NodeProcess.freePort();
    String members = "127.0.0.1:" + firstPort + ",127.0.0.1:" + secondPort;
    first = NodeProcess.start(folder.resolve("first"), environment(members, firstPort));
    second = NodeProcess.start(folder.resolve("second"), environment(members, secondPort));
    // The first player is an admin.
    ann = RestPlayer.signIn(client, first.uri("/"), "ann");
    bob = RestPlayer.signIn(client, second.uri("/"), "bob");
    long id = ann.post("/api/v1/lobbies", JsonObject.of("title", "Here")).body().getLong("id");
    assertThat(bob.post("/api/v1/lobbies/" + id + "/join", new JsonObject()).ok()).isTrue();
    lobby = "lobby:" + id;
  }

  private Map<String, String> environment(String members, int port) {
    var environment = new HashMap<String, String>();
    environment.put("DATABASE_URL", database.url());
    environment.put("SECRET_KEY_BASE", "s".repeat(64));
    environment.put("CLUSTER_ENABLED", "true");
    environment.put("CLUSTER_NAME", "it-" + members.hashCode());
    environment.put("CLUSTER_PORT", Integer.toString(port));
    environment.put("CLUSTER_MEMBERS", members);
    return environment;
  }

  @AfterEach
  void stop() {
    for (NodeProcess node : new NodeProcess[] {first, second}) {
      if (node != null) {
        node.close();
      }
    }
    database.close();
  }

  @Test
  void takesOverFromKilledNodeAndMarksItsPlayersOffline() throws Exception {
    Eventually.holds(() -> runsJobs(first) && !runsJobs(second));
    try (var annsSocket = PhoenixClient.connect(first.port(), ann.token());
        var bobsSocket = PhoenixClient.connect(second.port(), bob.token())) {
      annsSocket.joinAndAwait("user:" + ann.id(), "updated");
      bobsSocket.joinAndAwait("user:" + bob.id(), "updated");
      bobsSocket.joinAndAwait(lobby, "updated");

      first.kill();
      long killed = System.nanoTime();
      Eventually.holds(() -> runsJobs(second));
      assertThat(since(killed)).isLessThan(TAKEN_OVER_WITHIN);
      System.out.println("took over after " + since(killed).toMillis() + " ms");

      var offline = bobsSocket.await(lobby, "member_offline");
      assertThat(since(killed)).isLessThan(OFFLINE_WITHIN);
      System.out.println("offline after " + since(killed).toMillis() + " ms");
      assertThat(offline.getLong("user_id")).isEqualTo(ann.id());
      assertThat(online(second, ann)).isFalse();
      assertThat(online(second, bob)).isTrue();
    }
  }

  @Test
  void continuesPausedNodeAsNewRun() throws Exception {
    try (var annsSocket = PhoenixClient.connect(first.port(), ann.token());
        var bobsSocket = PhoenixClient.connect(second.port(), bob.token())) {
      annsSocket.joinAndAwait("user:" + ann.id(), "updated");
      bobsSocket.joinAndAwait(lobby, "updated");
      long before = runOf(first);

      first.pause();
      Eventually.holds(() -> runsJobs(second) && nodes(second).size() == 1);
      bobsSocket.await(lobby, "member_offline");
      first.unpause();

      assertThat(annsSocket.socket().receiveCloseCode()).isEqualTo(1012);
      Eventually.holds(() -> nodes(second).size() == 2 && runOf(first) > before);
      assertThat(runsJobs(first)).isFalse();
      try (var again = PhoenixClient.connect(first.port(), ann.token())) {
        again.joinAndAwait("user:" + ann.id(), "updated");
        assertThat(bobsSocket.await(lobby, "member_online").getLong("user_id")).isEqualTo(ann.id());
        again.joinAndAwait(lobby, "updated");
        sendMessage("welcome back");
        assertThat(again.await(lobby, "new_chat_message").getString("content"))
            .isEqualTo("welcome back");
      }
    }
  }

  private void sendMessage(String content) throws Exception {
    var answer =
        bob.post(
            "/api/v1/chat/messages",
            JsonObject.of(
                "chat_type",
                "lobby",
                "chat_ref_id",
                Long.parseLong(lobby.substring("lobby:".length())),
                "content",
                content));
    assertThat(answer.ok()).as("%s", answer).isTrue();
  }

  /** Whether the node runs the periodic jobs of the cluster. */
  private boolean runsJobs(NodeProcess node) {
    String held = "rookery_duties_held{duty=\"history\"}";
    String metrics = get(ann.atNode(node.uri("/")), NodeMetrics.path(held)).getString("text");
    return NodeMetrics.sum(metrics, held) == 1;
  }

  private boolean online(NodeProcess node, RestPlayer player) {
    return get(bob.atNode(node.uri("/")), "/api/v1/users/" + player.id()).getBoolean("is_online");
  }

  private JsonArray nodes(NodeProcess node) {
    return get(ann.atNode(node.uri("/")), "/api/v1/admin/cluster").getJsonArray("data");
  }

  private long runOf(NodeProcess node) {
    return nodes(node).stream()
        .map(JsonObject.class::cast)
        .filter(one -> one.getBoolean("here"))
        .findFirst()
        .orElseThrow()
        .getLong("run");
  }

  private static JsonObject get(RestPlayer player, String path) {
    try {
      return player.get(path).body();
    } catch (IOException failure) {
      throw new AssertionError(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    }
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }
}

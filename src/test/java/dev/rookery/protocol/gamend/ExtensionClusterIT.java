package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.DataChannelClient;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.ExtensionSources;
import dev.rookery.testkit.PhoenixClient;
import dev.rookery.testkit.RestPlayer;
import dev.rookery.testkit.TestCluster;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests stored deployments of extensions: upload, rollback, removal, on one node and on three. */
final class ExtensionClusterIT {
  private static final String LATE = "rookery_cluster_changes_late_total";
  private static final String ADMIN = "/api/v1/admin/extensions";
  private static final String VERSION =
      """
      context.functions().add(RpcFunction.named("version")
          .handledBy(call -> context.version()));
      """;

  private static HttpResponse<String> upload(TestNode node, String token, byte[] jar) {
    return upload(node, token, "game", jar);
  }

  private static HttpResponse<String> upload(TestNode node, String token, String name, byte[] jar) {
    return node.send(
        HttpRequest.newBuilder(node.uri(ADMIN + "/" + name))
            .header("authorization", "Bearer " + token)
            .header("content-type", "application/octet-stream")
            .PUT(BodyPublishers.ofByteArray(jar))
            .build());
  }

  private static String version(TestNode node, String token) {
    var response =
        node.post(
            "/api/v1/hooks/call",
            "{\"plugin\":\"game\",\"fn\":\"version\"}",
            "authorization",
            "Bearer " + token);
    return response.body();
  }

  private static String answer(String version) {
    return "{\"data\":\"" + version + "\"}";
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#locations")
  void deploysRollsBackAndRemoves(Databases.TestDatabase database) {
    try (var api = TestApi.start(database)) {
      TestApi.Guest admin = api.guest();
      TestApi.Guest player = api.guest();
      TestNode node = api.node();
      byte[] large = ExtensionSources.started("1.0", VERSION + "// " + "x".repeat(10));

      assertThat(upload(node, player.token(), large).statusCode()).isEqualTo(403);
      assertThat(upload(node, admin.token(), large).statusCode()).isEqualTo(200);
      for (int i = 1; i <= 6; i++) {
        byte[] jar = ExtensionSources.started("1." + i, VERSION);
        var response = upload(node, admin.token(), jar);
        ResponseValidator.check("PUT", ADMIN + "/game", response);
        assertThat(response.body()).contains("\"state\":\"active\"");
        assertThat(version(node, admin.token())).isEqualTo(answer("1." + i));
      }

      var broken = upload(node, admin.token(), ExtensionSources.started("2.0", "int i = 1 / 0;"));
      ResponseValidator.check("PUT", ADMIN + "/game", broken);
      assertThat(broken.statusCode()).isEqualTo(422);
      assertThat(new JsonObject(broken.body()).getString("message"))
          .contains("java.lang.ArithmeticException: / by zero");
      assertThat(upload(node, admin.token(), new byte[] {1}).statusCode()).isEqualTo(422);
      assertThat(version(node, admin.token())).isEqualTo(answer("1.6"));

      assertThat(admin.post(ADMIN + "/game/rollback", "{}").status()).isEqualTo(200);
      assertThat(version(node, admin.token())).isEqualTo(answer("1.5"));
      // A call is counted after its answer.
      Eventually.holds(() -> listed(admin).getLong("calls") == 1);
      JsonObject listed = listed(admin);
      assertThat(listed.getString("state")).isEqualTo("running");
      assertThat(listed.getString("version")).isEqualTo("1.5");
      assertThat(digest(listed, "1.2")).isNotNull();
      assertThat(
              admin
                  .post(
                      ADMIN + "/game/rollback",
                      JsonObject.of("digest", digest(listed, "1.2")).encode())
                  .status())
          .isEqualTo(200);
      assertThat(version(node, admin.token())).isEqualTo(answer("1.2"));
      assertThat(
              admin
                  .post(
                      ADMIN + "/game/rollback",
                      JsonObject.of("digest", digest(listed, "1.0")).encode())
                  .status())
          .isEqualTo(404);

      assertThat(admin.delete(ADMIN + "/game").status()).isEqualTo(200);
      assertThat(admin.delete(ADMIN + "/game").status()).isEqualTo(404);
      assertThat(version(node, admin.token())).contains("plugin_not_found");
      assertThat(admin.delete(ADMIN + "/..%2f").status()).isIn(400, 404);
    }
  }

  @Test
  void deploysSeveralExtensionsAtOnce() throws Exception {
    try (var api = TestApi.start(Databases.sqlite());
        var operators = Executors.newVirtualThreadPerTaskExecutor()) {
      String token = api.guest().token();
      var uploads = new ArrayList<Future<HttpResponse<String>>>();
      for (int i = 0; i < 8; i++) {
        String name = "game-" + i;
        byte[] jar = ExtensionSources.started("1", VERSION);
        uploads.add(operators.submit(() -> upload(api.node(), token, name, jar)));
      }
      for (Future<HttpResponse<String>> upload : uploads) {
        assertThat(upload.get().statusCode()).as(upload.get().body()).isEqualTo(200);
      }
    }
  }

  private static JsonObject listed(TestApi.Guest admin) {
    return admin.get(ADMIN).body().getJsonArray("data").getJsonObject(0);
  }

  private static String digest(JsonObject listed, String version) {
    return listed.getJsonArray("deployments").stream()
        .map(JsonObject.class::cast)
        .filter(each -> each.getString("version").equals(version))
        .map(each -> each.getString("digest"))
        .findFirst()
        .orElse(null);
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#locations")
  void keepsDeploymentsAcrossRestarts(Databases.TestDatabase database, @TempDir Path folder)
      throws Exception {
    Map<String, String> settings = Map.of("EXTENSIONS_DIR", folder.toString());
    String token;
    ExtensionSources.put(folder, "game", ExtensionSources.started("1", VERSION));
    try (var node = TestNode.start(database.shared(), settings)) {
      var admin = RestPlayer.signIn(TestNode.client(), node.uri("/"), "admin");
      token = admin.token();
      assertThat(version(node, token)).isEqualTo(answer("1"));
      assertThat(upload(node, token, ExtensionSources.started("2", VERSION)).statusCode())
          .isEqualTo(200);
    }
    try (var node = TestNode.start(database.shared(), settings)) {
      // The folder still has the first version, which was deployed before.
      assertThat(version(node, token)).isEqualTo(answer("2"));
      ExtensionSources.put(folder, "game", ExtensionSources.started("3", VERSION));
      Eventually.holds(() -> version(node, token).equals(answer("3")));
    }
    Files.delete(folder.resolve("game.jar"));
    try (var node = TestNode.start(database, settings)) {
      assertThat(version(node, token)).contains("plugin_not_found");
    }
  }

  @Test
  void allNodesSwitchOrNone(@TempDir Path folder) throws Exception {
    try (var cluster =
        TestCluster.start(
            3,
            Map.of(
                "EXTENSIONS_DIR",
                folder.toString(),
                // Nothing but this machine is asked.
                "WEBRTC_ICE_SERVERS",
                "stun:127.0.0.1:9"))) {
      List<TestNode> nodes = IntStream.range(0, 3).mapToObj(cluster::node).toList();
      var admin = RestPlayer.signIn(TestNode.client(), nodes.get(0).uri("/"), "admin");
      String token = admin.token();

      assertThat(upload(nodes.get(1), token, ExtensionSources.started("1", VERSION)).statusCode())
          .isEqualTo(200);
      assertThatAllHave(nodes, token, "1");
      assertThat(upload(nodes.get(2), token, ExtensionSources.started("2", VERSION)).statusCode())
          .isEqualTo(200);
      assertThatAllHave(nodes, token, "2");

      // Fails on one of the nodes alone.
      String once =
          "if (context.vertx().sharedData().getLocalMap(\"x\") != null"
              + " && System.getProperties().putIfAbsent(\"extension.test\", \"1\") == null)"
              + " throw new IllegalStateException(\"no port left\");"
              + VERSION;
      var refused = upload(nodes.get(0), token, ExtensionSources.started("3", once));
      System.clearProperty("extension.test");
      assertThat(refused.statusCode()).isEqualTo(422);
      assertThat(refused.body()).contains("no port left");
      awaitVersion(nodes, token, "2");

      var rollback =
          nodes.get(1).post(ADMIN + "/game/rollback", "{}", "authorization", "Bearer " + token);
      assertThat(rollback.statusCode()).isEqualTo(200);
      assertThatAllHave(nodes, token, "1");

      JsonArray listed =
          new JsonObject(nodes.get(2).get(ADMIN, "authorization", "Bearer " + token).body())
              .getJsonArray("data");
      assertThat(listed.getJsonObject(0).getJsonArray("nodes")).hasSize(3);

      // A file in the folder that the nodes share, or have each, is one deployment.
      ExtensionSources.put(folder, "game", ExtensionSources.started("4", VERSION));
      awaitVersion(nodes, token, "4");
      Files.delete(folder.resolve("game.jar"));
      for (TestNode node : nodes) {
        Eventually.holds(() -> version(node, token).contains("plugin_not_found"));
      }
      sharesChannelsAndMovesRooms(cluster, token);
      movesThePeerOfAPlayer(cluster, admin);
    }
  }

  /**
   * An event reaches clients of all nodes, and a room the node that is left when its owner ends.
   */
  private static void sharesChannelsAndMovesRooms(TestCluster cluster, String token) {
    byte[] jar = ExtensionFacilitiesTest.withChannel("5");
    assertThat(upload(cluster.node(0), token, jar).statusCode()).isEqualTo(200);
    String topic = "x:game:arena";
    try (var first = PhoenixClient.connect(cluster.node(0).port(), token)) {
      Eventually.holds(() -> first.join(topic).isOk());
      try (var second = PhoenixClient.connect(cluster.node(1).port(), token)) {
        Eventually.holds(() -> second.join(topic).isOk());
        first.call(topic, "say", JsonObject.of("text", "hi"));
        assertThat(second.await(topic, "said").getString("text")).isEqualTo("hi");
        second.call(topic, "open", new JsonObject());
        first.await(topic, "owned");
        first.call(topic, "tell", JsonObject.of("n", 1));
        assertThat(first.await(topic, "heard").getInteger("n")).isEqualTo(1);
      }
      cluster.restart(1);
      first.await(topic, "owned");
      first.call(topic, "tell", JsonObject.of("n", 2));
      assertThat(first.await(topic, "heard").getInteger("n")).isEqualTo(2);
    }
  }

  /** A player has one peer in the cluster: that of the last offer, on whichever node. */
  private static void movesThePeerOfAPlayer(TestCluster cluster, RestPlayer player) {
    String topic = "user:" + player.id();
    try (var phone = PhoenixClient.connect(cluster.node(0).port(), player.token());
        var tablet = PhoenixClient.connect(cluster.node(1).port(), player.token())) {
      phone.joinAndAwait(topic, "updated");
      tablet.joinAndAwait(topic, "updated");
      try (var _ = new DataChannelClient(phone, topic).with("events", true).connect();
          var moved = new DataChannelClient(tablet, topic).with("events", true).connect()) {
        phone.await(
            frame ->
                frame.event().equals("webrtc:state")
                    && "closed".equals(frame.payload().getString("state")));
        moved.send("events", "{\"type\":\"call_hook\",\"plugin\":\"game\",\"fn\":\"none\"}");
        assertThat(moved.next()).contains("not_implemented");
      }
    }
  }

  /** An answer comes when all nodes have switched, or says in the metrics that one is late. */
  private static void assertThatAllHave(List<TestNode> nodes, String token, String version) {
    List<String> answers = nodes.stream().map(node -> version(node, token)).toList();
    if (nodes.stream().allMatch(node -> node.metric(LATE) == 0)) {
      assertThat(answers).containsOnly(answer(version));
    }
    awaitVersion(nodes, token, version);
  }

  private static void awaitVersion(List<TestNode> nodes, String token, String version) {
    for (TestNode node : nodes) {
      Eventually.holds(() -> version(node, token).equals(answer(version)));
    }
  }
}

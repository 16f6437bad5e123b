package dev.rookery.protocol.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.PhoenixClient;
import dev.rookery.testkit.RestPlayer;
import dev.rookery.testkit.TestCluster;
import dev.rookery.testkit.TestNode;
import dev.rookery.testkit.TestStore;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages about the nodes in a cluster of three. */
final class LiveConsoleIT {
  private static final String LATE = "rookery_cluster_changes_late_total";
  private static final Pattern ROW =
      Pattern.compile("<tr><td><bdi>[^<]+</bdi></td><td>(\\w+)</td>");
  private static final Pattern NODE = Pattern.compile("node <bdi>([^<]+)</bdi>");
  private static final Pattern TRACE = Pattern.compile("/admin/traces/[0-9a-f]{32}");
  private static final Pattern BOX = Pattern.compile("class=\"node-box (good|warn|bad)\"");

  @Test
  void showsAllNodesOnEachNodeAndDrainsOne() {
    try (var cluster = TestCluster.start(3, Map.of("ROOKERY_TRACES_SAMPLE", "1"))) {
      var ann = ConsoleBrowser.signIn(cluster.node(0), "ann@example.com");
      var elsewhere = ann.at(cluster.node(1));

      Eventually.holds(() -> boxes(elsewhere, "good") == 3);
      Eventually.holds(
          () -> elsewhere.get("/admin/config?q=is%3Adiffers").body().contains("cluster.port"));
      assertThat(elsewhere.get("/admin/dashboard").body()).contains("Garbage collection");
      Eventually.holds(() -> elsewhere.get("/admin/logs").body().contains("class=\"log-line"));
      cluster.node(2).get("/api/v1/lobbies", "x-request-id", "traced-on-the-third");
      String traces = "/admin/traces?request=traced-on-the-third";
      Eventually.holds(() -> elsewhere.get(traces).body().contains("GET /api/v1/lobbies"));
      var trace = TRACE.matcher(elsewhere.get(traces).body());
      assertThat(trace.find()).isTrue();
      assertThat(elsewhere.get(trace.group()).body()).contains("LobbyQuery.ListOpen");

      Eventually.holds(
          () -> elsewhere.get("/admin/streams?topic=lobbies").body().contains("Nobody follows it"));
      try (var first = PhoenixClient.anonymous(cluster.node(0).port());
          var second = PhoenixClient.anonymous(cluster.node(2).port())) {
        assertThat(first.join("lobbies").isOk() && second.join("lobbies").isOk()).isTrue();
        Eventually.holds(
            () ->
                ROW.matcher(elsewhere.get("/admin/streams?topic=lobbies").body())
                        .results()
                        .filter(row -> row.group(1).equals("phoenix"))
                        .count()
                    == 2);
      }

      cluster.node(2).get("/socket/websocket?vsn=9.9");
      Eventually.holds(
          () ->
              elsewhere
                  .get("/admin/connect?device=try-abcdefghijkl")
                  .body()
                  .contains("The protocol version (vsn) is unknown"));

      // A ticket of one node is valid on another, and a session that ends on a third ends there.
      try (var socket =
          PhoenixClient.open(
              cluster.node(1).port(),
              LiveConsoleTest.path(LiveConsoleTest.ticket(ann)),
              LiveConsoleTest.origin(),
              LiveConsoleTest.cookies(ann))) {
        assertThat(socket.join("console:cluster").isOk()).isTrue();
        assertThat(
                socket
                    .await("console:cluster", "live")
                    .getJsonObject("values")
                    .fieldNames()
                    .stream()
                    .filter(key -> key.endsWith(".sockets")))
            .hasSize(3);

        String third = nodeName(ann.at(cluster.node(2)));
        var question = ann.submit("/admin/cluster", "/admin/cluster/drain", "node", third);
        assertThat(question.body()).contains("Drain node " + third);
        assertThat(ann.confirm(question, "_typed", "other", "_reason", "new kernel").statusCode())
            .isEqualTo(422);
        assertThat(ann.confirm(question, "_typed", third, "_reason", "new kernel").statusCode())
            .isEqualTo(303);
        Eventually.holds(() -> boxes(elsewhere, "good") == 2);
        assertThat(elsewhere.get("/admin").body())
            .contains("admin_drain_node")
            .contains("nodes/" + third);

        ann.submit("/admin", "/admin/end-session");
        assertThat(socket.socket().receiveCloseCode()).isEqualTo(4001);
      }
    }
  }

  @Test
  void goesOnWithAJobWhoseNodeLeaves() throws Exception {
    int players = 300;
    try (var cluster = TestCluster.start(3, Map.of("LIMIT_LOGIN_MAX", "100000"))) {
      var ann = ConsoleBrowser.signIn(cluster.node(0), "ann@example.com");
      URI base = cluster.node(0).uri("/");
      for (int i = 0; i < players; i++) {
        RestPlayer player = RestPlayer.signIn(TestNode.client(), base, "many-" + i);
        player.send("PATCH", "/api/v1/me/display_name", JsonObject.of("display_name", "many " + i));
      }
      var begun = ann.submit("/admin/users", "/admin/users/all-sign-out?q=many");
      String job = begun.headers().firstValue("location").orElseThrow();
      Eventually.holds(() -> ann.get(job).body().contains("Sign out " + players + " players"));
      Eventually.holds(() -> ann.get(job).body().contains(">ready<"));
      var asked = ann.submit(job, job + "/users.sign-out");
      assertThat(
              ann.confirm(asked, "_typed", Integer.toString(players), "_reason", "a test")
                  .statusCode())
          .isEqualTo(303);

      // One after the other, so that the one that carries it out is among them.
      boolean interrupted = false;
      for (int node = 1; node < cluster.size(); node++) {
        interrupted |= ann.get(job).body().contains(">running<");
        cluster.restart(node);
      }
      var other = ann.at(cluster.node(1));
      interrupted |= other.get(job).body().contains(">running<");
      cluster.restart(0);
      Eventually.holds(() -> other.get(job).body().contains(">done<"));
      assertThat(interrupted).isTrue();
      List<JsonObject> rows =
          other.get(job + "/export?format=ndjson").body().lines().map(JsonObject::new).toList();
      assertThat(rows).hasSize(players).allMatch(row -> row.getString("result").equals("done"));
      assertThat(rows.stream().map(row -> row.getLong("id"))).doesNotHaveDuplicates();
    }
  }

  @Test
  void followsAdminsAndHasAllBackupsOnAllNodes(@TempDir Path folder) throws Exception {
    Path theme = folder.resolve("theme.json");
    Files.writeString(theme, "{\"title\": \"Before\"}");
    var environment =
        Map.of("THEME_CONFIG", theme.toString(), "ROOKERY_BACKUPS_FOLDER", folder.toString());
    try (var cluster = TestCluster.start(3, environment)) {
      RestPlayer ann = RestPlayer.signIn(TestNode.client(), cluster.node(0).uri("/"), "ann-phone");
      followsTheme(cluster, ann, theme);
      followsSchema(cluster, ann);
      followsRuleOfFilter(cluster, ann);
      followsText(cluster, ann);
      sendsAndDeletesBackupsOfOtherNodes(cluster, ann, folder);
    }
  }

  private static void followsTheme(TestCluster cluster, RestPlayer ann, Path theme)
      throws Exception {
    assertThat(cluster.node(2).get("/users/log-in", "accept", "text/html").body())
        .contains("Before");
    Files.writeString(theme, "{\"title\": \"After\"}");
    assertThat(ann.post("/api/v1/admin/theme/reload", new JsonObject()).status()).isEqualTo(200);
    for (int node = 0; node < cluster.size(); node++) {
      TestNode other = cluster.node(node);
      Eventually.holds(
          () -> other.get("/users/log-in", "accept", "text/html").body().contains("After"));
      JsonObject themes = ann.atNode(other.uri("/")).get("/api/v1/admin/theme").body();
      assertThat(themes.getJsonArray("data")).hasSize(3);
      assertThat(themes.getJsonArray("silent")).isEmpty();
    }
  }

  private static void followsSchema(TestCluster cluster, RestPlayer ann) throws Exception {
    String schemas = "/api/v1/admin/kv/schemas";
    var gold =
        new JsonObject(
            "{\"properties\":{\"gold\":{\"type\":\"integer\"}},\"required\":[\"gold\"]}");
    var attached =
        ann.post(schemas, JsonObject.of("pattern", "season.*", "enforced", true, "schema", gold));
    assertThat(attached.status()).as(attached.body().encode()).isEqualTo(200);
    var misfit = JsonObject.of("key", "season.one", "data", JsonObject.of("gold", "much"));
    onAllNodes(cluster, node -> put(ann.atNode(node.uri("/")), misfit) == 422);
    long id = attached.body().getJsonObject("data").getLong("id");
    RestPlayer third = ann.atNode(cluster.node(2).uri("/"));
    assertThat(third.send("DELETE", schemas + "/" + id, new JsonObject()).ok()).isTrue();
    onAllNodes(cluster, node -> put(ann.atNode(node.uri("/")), misfit) == 200);
  }

  private static void followsRuleOfFilter(TestCluster cluster, RestPlayer ann) throws Exception {
    var rule = JsonObject.of("pattern", "zapper", "action", "refuse");
    var lobby = ann.post("/api/v1/lobbies", JsonObject.of("title", "filtered")).body();
    var message =
        JsonObject.of(
            "chat_type", "lobby", "chat_ref_id", lobby.getLong("id"), "content", "a zapper");
    var added = ann.post("/api/v1/admin/chat/filters", rule);
    assertThat(added.status()).as(added.body().encode()).isEqualTo(201);
    onAllNodes(cluster, node -> !sent(ann.atNode(node.uri("/")), message));
    long id = added.body().getJsonObject("data").getLong("id");
    assertThat(ann.send("DELETE", "/api/v1/admin/chat/filters/" + id, new JsonObject()).ok())
        .isTrue();
    onAllNodes(cluster, node -> sent(ann.atNode(node.uri("/")), message));
  }

  private static boolean sent(RestPlayer player, JsonObject message) {
    try {
      return player.post("/api/v1/chat/messages", message).ok();
    } catch (IOException | InterruptedException failure) {
      throw new AssertionError(failure);
    }
  }

  private static void followsText(TestCluster cluster, RestPlayer ann) throws Exception {
    String texts = "/api/v1/admin/translations/de";
    JsonObject found = ann.get(texts + "?q=forgot&page_size=100").body();
    String id =
        found.getJsonArray("data").stream()
            .map(JsonObject.class::cast)
            .filter(text -> text.getString("text").equals("Forgot your password?"))
            .map(text -> text.getString("id"))
            .findFirst()
            .orElseThrow();
    var edit = JsonObject.of("forms", new JsonArray().add("Nicht mehr gewusst?"));
    assertThat(ann.send("PUT", texts + "/" + id, edit).status()).isEqualTo(200);
    onAllNodes(
        cluster, node -> node.get("/de/users/log-in").body().contains("Nicht mehr gewusst?"));
  }

  /** An answer comes when all nodes follow, or says in the metrics that one is late. */
  private static void onAllNodes(TestCluster cluster, Predicate<TestNode> follows) {
    List<TestNode> nodes = IntStream.range(0, cluster.size()).mapToObj(cluster::node).toList();
    List<Boolean> all = nodes.stream().map(follows::test).toList();
    if (nodes.stream().allMatch(node -> node.metric(LATE) == 0)) {
      assertThat(all).containsOnly(true);
    }
    for (TestNode node : nodes) {
      Eventually.holds(() -> follows.test(node));
    }
  }

  private static int put(RestPlayer player, JsonObject entry) {
    try {
      return player.send("PUT", "/api/v1/admin/kv", entry).status();
    } catch (IOException | InterruptedException failure) {
      throw new AssertionError(failure);
    }
  }

  private static void sendsAndDeletesBackupsOfOtherNodes(
      TestCluster cluster, RestPlayer ann, Path folder) throws Exception {
    String backups = "/api/v1/admin/backups";
    var content = new byte[700_000];
    new Random(1).nextBytes(content);
    Path file = folder.resolve("backup-20261130-010203-1.dump");
    Files.write(file, content);
    JsonObject second =
        ann
            .atNode(cluster.node(1).uri("/"))
            .get("/api/v1/admin/cluster")
            .body()
            .getJsonArray("data")
            .stream()
            .map(JsonObject.class::cast)
            .filter(node -> node.getBoolean("here"))
            .findFirst()
            .orElseThrow();
    long kept;
    long lost;
    try (var store = TestStore.open(cluster.testDatabase())) {
      kept = insertBackup(store, second.getString("node"), file);
      lost = insertBackup(store, "the-node-that-is-gone", file);
    }

    var request =
        HttpRequest.newBuilder(cluster.node(0).uri(backups + "/" + kept + "/download"))
            .header("authorization", "Bearer " + ann.token())
            .build();
    var sent = TestNode.client().send(request, BodyHandlers.ofByteArray());
    assertThat(sent.statusCode()).isEqualTo(200);
    assertThat(sent.body()).isEqualTo(content);
    var silent = ann.get(backups + "/" + lost + "/download");
    assertThat(silent.status()).isEqualTo(503);
    assertThat(silent.body())
        .isEqualTo(JsonObject.of("error", "backup_node_silent", "node", "the-node-that-is-gone"));

    assertThat(ann.send("DELETE", backups + "/" + lost, new JsonObject()).ok()).isTrue();
    assertThat(file).exists();
    assertThat(ann.send("DELETE", backups + "/" + kept, new JsonObject()).ok()).isTrue();
    Eventually.holds(() -> !Files.exists(file));
    assertThat(ann.get(backups + "/" + kept + "/download").status()).isEqualTo(404);
  }

  private static long insertBackup(TestStore store, String node, Path file) {
    String files = new JsonArray(List.of(file.getFileName().toString())).encode();
    return store
        .database()
        .write(
            tx ->
                tx.run(
                    """
                    INSERT INTO backup (
                      node, kind, state, problem, files, bytes, created_ms, verified_ms, ended_ms)
                    VALUES ($1, 'postgres', 'done', '', $2, 700000, 1, 2, 2) RETURNING id
                    """,
                    node,
                    files))
        .row(0)
        .number("id");
  }

  private static String nodeName(ConsoleBrowser browser) {
    var name = NODE.matcher(browser.get("/admin/cluster").body());
    assertThat(name.find()).isTrue();
    return name.group(1);
  }

  private static long boxes(ConsoleBrowser browser, String tone) {
    return BOX.matcher(browser.get("/admin/cluster").body())
        .results()
        .filter(box -> box.group(1).equals(tone))
        .count();
  }
}

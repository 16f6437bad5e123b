package dev.rookery.protocol.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.PhoenixClient;
import dev.rookery.testkit.RestPlayer;
import dev.rookery.testkit.TestCluster;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The pages about the nodes in a cluster of three. */
final class LiveConsoleIT {
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

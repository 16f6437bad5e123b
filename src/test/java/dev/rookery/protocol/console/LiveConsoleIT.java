package dev.rookery.protocol.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.PhoenixClient;
import dev.rookery.testkit.TestCluster;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The pages about the nodes in a cluster of three. */
final class LiveConsoleIT {
  private static final Pattern ROW =
      Pattern.compile("<tr><td><bdi>[^<]+</bdi></td><td>(\\w+)</td>");
  private static final Pattern NODE = Pattern.compile("node <bdi>([^<]+)</bdi>");
  private static final Pattern BOX = Pattern.compile("class=\"node-box (good|warn|bad)\"");

  @Test
  void showsAllNodesOnEachNodeAndDrainsOne() {
    try (var cluster = TestCluster.start(3)) {
      var ann = ConsoleBrowser.signIn(cluster.node(0), "ann@example.com");
      var elsewhere = ann.at(cluster.node(1));

      Eventually.holds(() -> boxes(elsewhere, "good") == 3);
      Eventually.holds(
          () -> elsewhere.get("/admin/config?q=is%3Adiffers").body().contains("cluster.port"));
      assertThat(elsewhere.get("/admin/dashboard").body()).contains("Garbage collection");
      Eventually.holds(() -> elsewhere.get("/admin/logs").body().contains("class=\"log-line"));

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
            .contains("console_drain_node")
            .contains("nodes/" + third);

        ann.submit("/admin", "/admin/end-session");
        assertThat(socket.socket().receiveCloseCode()).isEqualTo(4001);
      }
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

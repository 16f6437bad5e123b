package dev.rookery.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.RestPlayer;
import dev.rookery.testkit.TestCluster;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Nodes whose clocks differ. */
final class ClockIT {
  private static final Pattern OFFSET = Pattern.compile("(?m)^rookery_clock_offset_seconds (\\S+)");

  @Test
  void nodesAgreeOnTheTimeWhateverTheirClocksSay() throws Exception {
    try (var cluster = TestCluster.start(List.of(ahead(0), ahead(300), ahead(-300_000)))) {
      for (int issuer = 0; issuer < cluster.size(); issuer++) {
        TestNode home = cluster.node(issuer);
        var player = RestPlayer.signIn(TestNode.client(), home.uri("/"), "clock-device-" + issuer);
        for (int other = 0; other < cluster.size(); other++) {
          assertThat(player.atNode(cluster.node(other).uri("/")).get("/api/v1/me").status())
              .as("token of node %d at node %d", issuer, other)
              .isEqualTo(200);
        }
        assertThat(player.send("DELETE", "/api/v1/logout", new JsonObject()).ok()).isTrue();
        for (int other = 0; other < cluster.size(); other++) {
          var there = player.atNode(cluster.node(other).uri("/"));
          Eventually.holds(() -> status(there) == 401);
        }
      }
    }
  }

  @Test
  void measuresHowFarAClockIsOff() throws Exception {
    try (var cluster = TestCluster.start(List.of(ahead(7_000), ahead(-60_000)))) {
      assertThat(offset(cluster.node(0))).isBetween(5.0, 9.0);
      assertThat(offset(cluster.node(1))).isBetween(-62.0, -58.0);
    }
  }

  private static int status(RestPlayer player) {
    try {
      return player.get("/api/v1/me").status();
    } catch (IOException | InterruptedException failure) {
      throw new AssertionError(failure);
    }
  }

  private static double offset(TestNode node) {
    var matcher = OFFSET.matcher(node.get("/metrics").body());
    assertThat(matcher.find()).isTrue();
    return Double.parseDouble(matcher.group(1));
  }

  private static InstantSource ahead(long ms) {
    return Clock.offset(Clock.systemUTC(), Duration.ofMillis(ms));
  }
}

package dev.rookery.protocol.openturn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.TestCluster;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

/** A match whose players are connected to different nodes. */
final class OpenturnClusterTest {
  @Test
  void aMatchGoesOnWhenTheNodeThatOwnsItEnds() {
    try (var cluster = TestCluster.start(2);
        var host = RoomPlayer.signIn(cluster.node(0), "host");
        var guest = RoomPlayer.signIn(cluster.node(1), "guest")) {
      RoomPlayer.start(cluster.node(0), host, cluster.node(1), guest);
      host.place(0, 0, "client_1").receive("batch_applied");
      guest.receive("batch_applied");
      guest.place(1, 1, "client_1");
      assertThat(guest.receive("batch_applied").getString("ackClientActionID"))
          .isEqualTo("client_1");

      cluster.restart(0);
      host.connect(cluster.node(1));
      JsonObject snapshot = host.receiveSnapshot();
      assertThat(snapshot.getInteger("revision")).isEqualTo(2);
      host.place(0, 1, "client_2");
      assertThat(host.receive("batch_applied").getInteger("revision")).isEqualTo(3);
      assertThat(guest.receive("batch_applied").getJsonObject("snapshot").getJsonArray("log"))
          .hasSize(3);
    }
  }
}

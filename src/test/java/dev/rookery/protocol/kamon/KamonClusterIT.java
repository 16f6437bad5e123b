package dev.rookery.protocol.kamon;

import static dev.rookery.protocol.kamon.RelayClient.meet;
import static dev.rookery.protocol.kamon.RelayClient.register;
import static dev.rookery.protocol.kamon.RelayClient.registerAndAwaitGrant;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.RawSocket;
import dev.rookery.testkit.TestCluster;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Rooms whose players are connected to different nodes. */
final class KamonClusterIT {
  private static TestCluster cluster;

  @BeforeAll
  static void start() {
    cluster = TestCluster.start(3);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  private static void awaitEmptyRelay() {
    for (int i = 0; i < cluster.size(); i++) {
      RelayClient.awaitEmptyRelay(cluster.node(i));
    }
  }

  @Test
  void theFirstFrameOfTheSecondPlayerIsDeliveredAndAnswered() {
    for (int round = 0; round < 20; round++) {
      try (var host = registerAndAwaitGrant(cluster.node(0), "state", 1);
          var guest = register(cluster.node(1), "state", 0).sendText("*")) {
        assertThat(host.receiveText()).isEqualTo("*");
        host.sendText("the state");
        assertThat(guest.receiveText()).isEqualTo("the state");
      }
    }
    awaitEmptyRelay();
  }

  @Test
  void ofTwoConcurrentPlayersAtLeastOneReceivesFrames() {
    for (int round = 0; round < 20; round++) {
      try (var host = register(cluster.node(0), "at-once", 1).sendText("*").sendText("*");
          var guest = register(cluster.node(1), "at-once", 0).sendText("*").sendText("*")) {
        Eventually.holds(() -> host.hasPending() || guest.hasPending());
      }
    }
    awaitEmptyRelay();
  }

  @Test
  void framesKeepTheirOrderInBothDirections() {
    int frames = 500;
    try (var host = registerAndAwaitGrant(cluster.node(0), "order", 1);
        var guest = registerAndAwaitGrant(cluster.node(1), "order", 0)) {
      meet(host, guest);
      for (int i = 0; i < frames; i++) {
        host.sendText("h" + i);
        guest.sendBinary(new byte[] {(byte) (i >> 8), (byte) i});
      }
      for (int i = 0; i < frames; i++) {
        assertThat(guest.receiveText()).isEqualTo("h" + i);
        assertThat(host.receive().data()).containsExactly(i >> 8, i);
      }
    }
    awaitEmptyRelay();
  }

  @Test
  void theLongestFrameIsRelayed() {
    byte[] longest = new byte[131_072];
    Arrays.fill(longest, (byte) 7);
    try (var host = registerAndAwaitGrant(cluster.node(0), "long", 1);
        var guest = registerAndAwaitGrant(cluster.node(2), "long", 0)) {
      meet(host, guest);
      host.sendBinary(longest);
      assertThat(guest.receive().data()).isEqualTo(longest);
    }
    awaitEmptyRelay();
  }

  @Test
  void aPlayerMayReconnectToAnyNode() {
    try (var host = registerAndAwaitGrant(cluster.node(0), "reload", 1)) {
      for (int round = 0; round < 9; round++) {
        try (var guest = register(cluster.node(round % 3), "reload", 0).sendText("*")) {
          assertThat(host.receiveText()).isEqualTo("*");
          host.sendText("state " + round);
          assertThat(guest.receiveText()).isEqualTo("state " + round);
        }
      }
    }
    awaitEmptyRelay();
  }

  @Test
  void aSeatTakenOverOnAnotherNodeReceivesNothingButStillSends() {
    try (var host = registerAndAwaitGrant(cluster.node(0), "over", 1)) {
      var before = registerAndAwaitGrant(cluster.node(1), "over", 0);
      meet(host, before);
      try (var after = registerAndAwaitGrant(cluster.node(2), "over", 0)) {
        meet(host, after);
        before.sendText("from before");
        assertThat(host.receiveText()).isEqualTo("from before");
        before.close();
        host.sendText("still to the one after");
        assertThat(after.receiveText()).isEqualTo("still to the one after");
      }
    }
    awaitEmptyRelay();
  }

  @Test
  void roomsOnAllNodesAreRemovedWhenTheirSocketsClose() {
    for (int round = 0; round < 10; round++) {
      int number = round;
      var sockets =
          IntStream.range(0, 60)
              .mapToObj(
                  i ->
                      register(cluster.node(i % 3), "many-" + number + "-" + i / 2, i % 2)
                          .sendText("*"))
              .toList();
      sockets.forEach(RawSocket::close);
    }
    awaitEmptyRelay();
  }
}

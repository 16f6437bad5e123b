package dev.rookery.protocol.kamon;

import static dev.rookery.protocol.kamon.RelayClient.meet;
import static dev.rookery.protocol.kamon.RelayClient.seated;
import static dev.rookery.protocol.kamon.RelayClient.seatedForAll;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.RawSocket;
import dev.rookery.testkit.TestCluster;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Rooms whose players sit at different nodes. */
final class KamonClusterTest {
  private static TestCluster cluster;

  @BeforeAll
  static void start() {
    cluster = TestCluster.start(3);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  private static void empties() {
    for (int i = 0; i < cluster.size(); i++) {
      RelayClient.empties(cluster.node(i));
    }
  }

  @Test
  void theFirstWordOfWhoComesSecondIsHeardAndAnswered() {
    for (int round = 0; round < 20; round++) {
      try (var host = seatedForAll(cluster.node(0), "state", 1);
          var guest = seated(cluster.node(1), "state", 0).sendText("*")) {
        assertThat(host.receiveText()).isEqualTo("*");
        host.sendText("the state");
        assertThat(guest.receiveText()).isEqualTo("the state");
      }
    }
    empties();
  }

  @Test
  void oneOfTwoWhoComeAtOnceHearsTheOther() {
    for (int round = 0; round < 20; round++) {
      try (var host = seated(cluster.node(0), "at-once", 1).sendText("*").sendText("*");
          var guest = seated(cluster.node(1), "at-once", 0).sendText("*").sendText("*")) {
        Eventually.holds(() -> host.hasPending() || guest.hasPending());
      }
    }
    empties();
  }

  @Test
  void orderIsKeptBothWaysTextAndBinary() {
    int frames = 500;
    try (var host = seatedForAll(cluster.node(0), "order", 1);
        var guest = seatedForAll(cluster.node(1), "order", 0)) {
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
    empties();
  }

  @Test
  void theLongestFrameGoesAcross() {
    byte[] longest = new byte[131_072];
    Arrays.fill(longest, (byte) 7);
    try (var host = seatedForAll(cluster.node(0), "long", 1);
        var guest = seatedForAll(cluster.node(2), "long", 0)) {
      meet(host, guest);
      host.sendBinary(longest);
      assertThat(guest.receive().data()).isEqualTo(longest);
    }
    empties();
  }

  @Test
  void aReloadMayLandOnAnyNode() {
    try (var host = seatedForAll(cluster.node(0), "reload", 1)) {
      for (int round = 0; round < 9; round++) {
        try (var guest = seated(cluster.node(round % 3), "reload", 0).sendText("*")) {
          assertThat(host.receiveText()).isEqualTo("*");
          host.sendText("state " + round);
          assertThat(guest.receiveText()).isEqualTo("state " + round);
        }
      }
    }
    empties();
  }

  @Test
  void aSeatTakenOverAtAnotherNodeIsLostHereButItsWordsStillGoAcross() {
    try (var host = seatedForAll(cluster.node(0), "over", 1)) {
      var before = seatedForAll(cluster.node(1), "over", 0);
      meet(host, before);
      try (var after = seatedForAll(cluster.node(2), "over", 0)) {
        meet(host, after);
        before.sendText("from before");
        assertThat(host.receiveText()).isEqualTo("from before");
        before.close();
        host.sendText("still to the one after");
        assertThat(after.receiveText()).isEqualTo("still to the one after");
      }
    }
    empties();
  }

  @Test
  void roomsComeAndGoOnAllNodesAndNothingIsLeft() {
    for (int round = 0; round < 10; round++) {
      int number = round;
      var sockets =
          IntStream.range(0, 60)
              .mapToObj(
                  i ->
                      seated(cluster.node(i % 3), "many-" + number + "-" + i / 2, i % 2)
                          .sendText("*"))
              .toList();
      sockets.forEach(RawSocket::close);
    }
    empties();
  }
}

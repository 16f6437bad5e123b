package dev.rookery.protocol.kamon;

import static dev.rookery.protocol.kamon.RelayClient.connect;
import static dev.rookery.protocol.kamon.RelayClient.figure;
import static dev.rookery.protocol.kamon.RelayClient.seated;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.RawSocket;
import dev.rookery.testkit.TestNode;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The relay of one node, with sockets that do what they like. */
final class KamonTest {
  private static final int FRAME_MAX = 131_072;
  private static TestNode node;

  @BeforeAll
  static void start() {
    node = TestNode.start();
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  /** Until a socket's registration has been read, nobody can reach it. */
  private static void seatedNow(int sitting) {
    Eventually.holds(() -> figure(node, "rookery_relay_sitting") == sitting);
  }

  private static void empties() {
    RelayClient.empties(node);
  }

  @Test
  void whatOnePlayerSaysTheOtherHearsUnchanged() {
    try (var host = seated(node, "one", 1);
        var guest = seated(node, "one", 0)) {
      seatedNow(2);
      host.sendText("{\"a\": \"ü\"}");
      assertThat(guest.receiveText()).isEqualTo("{\"a\": \"ü\"}");
      guest.sendText("*");
      assertThat(host.receiveText()).isEqualTo("*");
      guest.sendText("* other_1");
      assertThat(host.receiveText()).isEqualTo("* other_1");
      host.sendText("");
      assertThat(guest.receiveText()).isEmpty();
      guest.sendBinary(new byte[] {0, -1, 42});
      RawSocket.ReceivedFrame heard = host.receive();
      assertThat(heard.opcode()).isEqualTo(RawSocket.BINARY);
      assertThat(heard.data()).containsExactly(0, -1, 42);
    }
    empties();
  }

  @Test
  void framesOfEverySizeKeepTheirOrder() {
    try (var host = seated(node, "sizes", 1);
        var guest = seated(node, "sizes", 0)) {
      seatedNow(2);
      int[] sizes = {FRAME_MAX, 1, 0, 125, 126, 65_535, 65_536, 64};
      for (int size : sizes) {
        host.sendText("x".repeat(size));
      }
      for (int size : sizes) {
        assertThat(guest.receiveText()).hasSize(size);
      }
    }
    empties();
  }

  @Test
  void aFrameOfOneByteTooManyClosesItsSocketAlone() {
    try (var host = seated(node, "big", 1);
        var guest = seated(node, "big", 0)) {
      seatedNow(2);
      guest.sendText("x".repeat(FRAME_MAX + 1));
      assertThat(guest.receiveCloseCode()).isEqualTo(1009);
      host.sendText("still here");
      try (var again = seated(node, "big", 0)) {
        Eventually.holds(() -> figure(node, "rookery_sockets_open") == 2);
        again.sendText("back");
        assertThat(host.receiveText()).isEqualTo("back");
      }
    }
    empties();
  }

  @Test
  void aFloodClosesItsSocketAlone() {
    try (var limited =
            TestNode.start(
                Databases.sqlite(),
                Map.of(
                    "ROOKERY_SOCKETS_FRAMES_PER_SECOND_MAX", "20",
                    "ROOKERY_SOCKETS_IDLE_TIMEOUT", "10s"));
        var host = seated(limited, "flood", 1);
        var guest = seated(limited, "flood", 0)) {
      for (int i = 0; i < 200; i++) {
        guest.sendText("flood");
      }
      assertThat(guest.receiveCloseCode()).isEqualTo(1008);
      assertThat(host.sendText("*").sendFrame(RawSocket.PING, true, new byte[0]).receive())
          .isNotNull();
    }
  }

  @Test
  void whatIsNoRegistrationIsIgnoredUntilThereIsOne() {
    try (var host = connect(node);
        var guest = seated(node, "late", 0)) {
      host.sendText("hello")
          .sendText("* late_")
          .sendText("* my room_1")
          .sendBinary("* late_1".getBytes());
      host.sendText("* " + "x".repeat(65) + "_1").sendText("* _1");
      host.sendText("* late_1").sendText("now");
      assertThat(guest.receiveText()).isEqualTo("now");
    }
    empties();
  }

  @Test
  void whatIsSaidToAnEmptySeatIsDropped() {
    try (var host = seated(node, "alone", 1)) {
      double before = figure(node, "rookery_relay_frames_total{to=\"nobody\"}");
      host.sendText("anybody?");
      Eventually.holds(
          () -> figure(node, "rookery_relay_frames_total{to=\"nobody\"}") == before + 1);
      try (var guest = seated(node, "alone", 0)) {
        guest.sendText("*");
        assertThat(host.receiveText()).isEqualTo("*");
        host.sendText("state");
        assertThat(guest.receiveText()).isEqualTo("state");
      }
    }
    empties();
  }

  @Test
  void twoGamesAtOnceHearNothingOfEachOther() {
    try (var a1 = seated(node, "a", 1);
        var a0 = seated(node, "a", 0);
        var b1 = seated(node, "b", 1);
        var b0 = seated(node, "b", 0)) {
      seatedNow(4);
      a1.sendText("a");
      b1.sendText("b");
      a0.sendText("A");
      b0.sendText("B");
      assertThat(a0.receiveText()).isEqualTo("a");
      assertThat(b0.receiveText()).isEqualTo("b");
      assertThat(a1.receiveText()).isEqualTo("A");
      assertThat(b1.receiveText()).isEqualTo("B");
    }
    empties();
  }

  @Test
  void whoComesLaterToASeatHasItAndTheOtherLosesNothingByLeaving() {
    try (var host = seated(node, "reload", 1)) {
      var before = seated(node, "reload", 0);
      seatedNow(2);
      try (var after = seated(node, "reload", 0)) {
        seatedNow(3);
        host.sendText("to the one after");
        assertThat(after.receiveText()).isEqualTo("to the one after");
        before.sendText("from the one before");
        assertThat(host.receiveText()).isEqualTo("from the one before");
        before.close();
        seatedNow(2);
        after.sendText("*");
        assertThat(host.receiveText()).isEqualTo("*");
        host.sendText("the state");
        assertThat(after.receiveText()).isEqualTo("the state");
      }
    }
    empties();
  }

  @Test
  void bothMayLeaveAtOnceAndComeBack() {
    for (int round = 0; round < 20; round++) {
      var host = seated(node, "leaving", 1);
      var guest = seated(node, "leaving", 0);
      host.close();
      guest.close();
    }
    empties();
    try (var host = seated(node, "leaving", 1);
        var guest = seated(node, "leaving", 0)) {
      seatedNow(2);
      host.sendText("again");
      assertThat(guest.receiveText()).isEqualTo("again");
    }
    empties();
  }

  @Test
  void manyRoomsComeAndGoAndNothingIsLeft() {
    int rooms = 10_000;
    int atOnce = 100;
    for (int from = 0; from < rooms; from += atOnce) {
      var sockets = new ArrayList<RawSocket>();
      for (int i = from; i < from + atOnce; i++) {
        sockets.add(seated(node, "room-" + i, 1));
        sockets.add(seated(node, "room-" + i, 0).sendText("*"));
      }
      sockets.forEach(RawSocket::close);
    }
    empties();
  }

  @Test
  void aBrowserThatOnlyAnswersPingsStaysAndALineThatIsDeadIsCut() {
    try (var impatient =
            TestNode.start(Databases.sqlite(), Map.of("ROOKERY_SOCKETS_IDLE_TIMEOUT", "1s"));
        var thinking = seated(impatient, "chess", 1);
        var dead = seated(impatient, "chess", 0)) {
      for (int answers = 0; answers < 6; answers++) {
        RawSocket.ReceivedFrame heard = thinking.receive();
        assertThat(heard.opcode()).isEqualTo(RawSocket.PING);
        thinking.sendFrame(RawSocket.PONG, true, heard.data());
      }
      assertThat(dead.receiveCloseCode()).isEqualTo(1002);
      assertThat(dead.awaitEnd()).isTrue();
      Eventually.holds(() -> figure(impatient, "rookery_relay_sitting") == 1);
    }
  }

  @Test
  void whoIsNoSocketIsToldSo() {
    assertThat(node.get("/ws").statusCode()).isEqualTo(400);
    assertThat(RawSocket.handshake(node.port(), "/ws?game_id=1").status()).isEqualTo(404);
    assertThat(RawSocket.handshake(node.port(), "/ws?token=t").status()).isEqualTo(404);
  }

  @Test
  void strangePagesMayNotConnect() {
    try (var strict =
        TestNode.start(Databases.sqlite(), Map.of("PHX_ALLOWED_ORIGINS", "https://game.example"))) {
      String allowed = "origin: https://game.example";
      String strange = "origin: https://other.example";
      assertThat(RawSocket.handshake(strict.port(), "/ws", strange).status()).isEqualTo(403);
      assertThat(RawSocket.handshake(strict.port(), "/ws", allowed).status()).isEqualTo(101);
    }
  }
}

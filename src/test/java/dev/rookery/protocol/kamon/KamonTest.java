package dev.rookery.protocol.kamon;

import static dev.rookery.protocol.kamon.RelayClient.connect;
import static dev.rookery.protocol.kamon.RelayClient.metric;
import static dev.rookery.protocol.kamon.RelayClient.register;
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

/** The relay on a single node. */
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

  /** Waits until the registrations have been read; earlier frames to the seats are dropped. */
  private static void awaitSeats(int seats) {
    Eventually.holds(() -> metric(node, "rookery_relay_sitting") == seats);
  }

  private static void awaitEmptyRelay() {
    RelayClient.awaitEmptyRelay(node);
  }

  @Test
  void relaysFramesUnchanged() {
    try (var host = register(node, "one", 1);
        var guest = register(node, "one", 0)) {
      awaitSeats(2);
      host.sendText("{\"a\": \"ü\"}");
      assertThat(guest.receiveText()).isEqualTo("{\"a\": \"ü\"}");
      guest.sendText("*");
      assertThat(host.receiveText()).isEqualTo("*");
      guest.sendText("* other_1");
      assertThat(host.receiveText()).isEqualTo("* other_1");
      host.sendText("");
      assertThat(guest.receiveText()).isEmpty();
      guest.sendBinary(new byte[] {0, -1, 42});
      RawSocket.ReceivedFrame received = host.receive();
      assertThat(received.opcode()).isEqualTo(RawSocket.BINARY);
      assertThat(received.data()).containsExactly(0, -1, 42);
    }
    awaitEmptyRelay();
  }

  @Test
  void framesOfEverySizeKeepTheirOrder() {
    try (var host = register(node, "sizes", 1);
        var guest = register(node, "sizes", 0)) {
      awaitSeats(2);
      int[] sizes = {FRAME_MAX, 1, 0, 125, 126, 65_535, 65_536, 64};
      for (int size : sizes) {
        host.sendText("x".repeat(size));
      }
      for (int size : sizes) {
        assertThat(guest.receiveText()).hasSize(size);
      }
    }
    awaitEmptyRelay();
  }

  @Test
  void aTooLongFrameClosesOnlyItsSocket() {
    try (var host = register(node, "big", 1);
        var guest = register(node, "big", 0)) {
      awaitSeats(2);
      guest.sendText("x".repeat(FRAME_MAX + 1));
      assertThat(guest.receiveCloseCode()).isEqualTo(1009);
      host.sendText("still here");
      try (var again = register(node, "big", 0)) {
        Eventually.holds(() -> metric(node, "rookery_sockets_open") == 2);
        again.sendText("back");
        assertThat(host.receiveText()).isEqualTo("back");
      }
    }
    awaitEmptyRelay();
  }

  @Test
  void tooManyFramesCloseOnlyTheirSocket() {
    try (var limited =
            TestNode.start(
                Databases.sqlite(),
                Map.of(
                    "ROOKERY_SOCKETS_FRAMES_PER_SECOND_MAX", "20",
                    "ROOKERY_SOCKETS_IDLE_TIMEOUT", "10s"));
        var host = register(limited, "flood", 1);
        var guest = register(limited, "flood", 0)) {
      for (int i = 0; i < 200; i++) {
        guest.sendText("flood");
      }
      assertThat(guest.receiveCloseCode()).isEqualTo(1008);
      assertThat(host.sendText("*").sendFrame(RawSocket.PING, true, new byte[0]).receive())
          .isNotNull();
    }
  }

  @Test
  void framesBeforeTheRegistrationAreIgnored() {
    try (var host = connect(node);
        var guest = register(node, "late", 0)) {
      host.sendText("hello")
          .sendText("* late_")
          .sendText("* my room_1")
          .sendBinary("* late_1".getBytes());
      host.sendText("* " + "x".repeat(65) + "_1").sendText("* _1");
      host.sendText("* late_1").sendText("now");
      assertThat(guest.receiveText()).isEqualTo("now");
    }
    awaitEmptyRelay();
  }

  @Test
  void framesToAnEmptySeatAreDropped() {
    try (var host = register(node, "alone", 1)) {
      double before = metric(node, "rookery_relay_frames_total{to=\"nobody\"}");
      host.sendText("anybody?");
      Eventually.holds(
          () -> metric(node, "rookery_relay_frames_total{to=\"nobody\"}") == before + 1);
      try (var guest = register(node, "alone", 0)) {
        guest.sendText("*");
        assertThat(host.receiveText()).isEqualTo("*");
        host.sendText("state");
        assertThat(guest.receiveText()).isEqualTo("state");
      }
    }
    awaitEmptyRelay();
  }

  @Test
  void roomsAreIsolated() {
    try (var a1 = register(node, "a", 1);
        var a0 = register(node, "a", 0);
        var b1 = register(node, "b", 1);
        var b0 = register(node, "b", 0)) {
      awaitSeats(4);
      a1.sendText("a");
      b1.sendText("b");
      a0.sendText("A");
      b0.sendText("B");
      assertThat(a0.receiveText()).isEqualTo("a");
      assertThat(b0.receiveText()).isEqualTo("b");
      assertThat(a1.receiveText()).isEqualTo("A");
      assertThat(b1.receiveText()).isEqualTo("B");
    }
    awaitEmptyRelay();
  }

  @Test
  void aLaterRegistrationTakesTheSeatOver() {
    try (var host = register(node, "reload", 1)) {
      var before = register(node, "reload", 0);
      awaitSeats(2);
      try (var after = register(node, "reload", 0)) {
        awaitSeats(3);
        host.sendText("to the one after");
        assertThat(after.receiveText()).isEqualTo("to the one after");
        before.sendText("from the one before");
        assertThat(host.receiveText()).isEqualTo("from the one before");
        before.close();
        awaitSeats(2);
        after.sendText("*");
        assertThat(host.receiveText()).isEqualTo("*");
        host.sendText("the state");
        assertThat(after.receiveText()).isEqualTo("the state");
      }
    }
    awaitEmptyRelay();
  }

  @Test
  void bothPlayersMayLeaveAndReturn() {
    for (int round = 0; round < 20; round++) {
      var host = register(node, "leaving", 1);
      var guest = register(node, "leaving", 0);
      host.close();
      guest.close();
    }
    awaitEmptyRelay();
    try (var host = register(node, "leaving", 1);
        var guest = register(node, "leaving", 0)) {
      awaitSeats(2);
      host.sendText("again");
      assertThat(guest.receiveText()).isEqualTo("again");
    }
    awaitEmptyRelay();
  }

  @Test
  void manyRoomsAreRemovedWhenTheirSocketsClose() {
    int rooms = 300;
    int atOnce = 100;
    for (int from = 0; from < rooms; from += atOnce) {
      var sockets = new ArrayList<RawSocket>();
      for (int i = from; i < from + atOnce; i++) {
        sockets.add(register(node, "room-" + i, 1));
        sockets.add(register(node, "room-" + i, 0).sendText("*"));
      }
      sockets.forEach(RawSocket::close);
    }
    awaitEmptyRelay();
  }

  @Test
  void aClientThatAnswersPingsStaysAndASilentOneIsClosed() {
    try (var impatient =
            TestNode.start(Databases.sqlite(), Map.of("ROOKERY_SOCKETS_IDLE_TIMEOUT", "3s"));
        var responsive = register(impatient, "chess", 1);
        var silent = register(impatient, "chess", 0)) {
      for (int answers = 0; answers < 4; answers++) {
        RawSocket.ReceivedFrame received = responsive.receive();
        assertThat(received.opcode()).isEqualTo(RawSocket.PING);
        responsive.sendFrame(RawSocket.PONG, true, received.data());
      }
      assertThat(silent.receiveCloseCode()).isEqualTo(1002);
      assertThat(silent.awaitEnd()).isTrue();
      Eventually.holds(() -> metric(impatient, "rookery_relay_sitting") == 1);
    }
  }

  @Test
  void rejectsRequestsThatAreNotUpgrades() {
    assertThat(node.get("/ws").statusCode()).isEqualTo(400);
    assertThat(RawSocket.handshake(node.port(), "/ws?game_id=1").status()).isEqualTo(401);
    assertThat(RawSocket.handshake(node.port(), "/ws?token=t").status()).isEqualTo(401);
  }

  @Test
  void rejectsOriginsThatAreNotAllowed() {
    try (var strict =
        TestNode.start(Databases.sqlite(), Map.of("PHX_ALLOWED_ORIGINS", "https://game.example"))) {
      String allowed = "origin: https://game.example";
      String strange = "origin: https://other.example";
      assertThat(RawSocket.handshake(strict.port(), "/ws", strange).status()).isEqualTo(403);
      assertThat(RawSocket.handshake(strict.port(), "/ws", allowed).status()).isEqualTo(101);
    }
  }
}

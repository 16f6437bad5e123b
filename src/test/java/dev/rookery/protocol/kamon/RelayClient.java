package dev.rookery.protocol.kamon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.RawSocket;
import dev.rookery.testkit.TestNode;

/** Helpers for players of a two-player game, and for the relay's metrics. */
public final class RelayClient {
  private static final String SEATS_GRANTED =
      "rookery_commands_seconds_count{command=\"RelayCommand.Sit\",outcome=\"done\"}";

  private RelayClient() {}

  static RawSocket connect(TestNode node) {
    return RawSocket.open(node.port(), "/ws");
  }

  public static RawSocket register(TestNode node, String room, int number) {
    return connect(node).sendText("* " + room + "_" + number);
  }

  /** Registers a player and waits until the seat is granted. */
  static RawSocket registerAndAwaitGrant(TestNode node, String room, int number) {
    double before = metric(node, SEATS_GRANTED);
    RawSocket player = register(node, room, number);
    Eventually.holds(() -> metric(node, SEATS_GRANTED) > before);
    return player;
  }

  /**
   * Exchanges a message in each direction, starting with the later player, so that each node knows
   * the other.
   */
  static void meet(RawSocket first, RawSocket second) {
    second.sendText("*");
    assertThat(first.receiveText()).isEqualTo("*");
    first.sendText("met");
    assertThat(second.receiveText()).isEqualTo("met");
  }

  static double metric(TestNode node, String name) {
    return node.metric(name);
  }

  static void awaitEmptyRelay(TestNode node) {
    Eventually.holds(
        () ->
            metric(node, "rookery_relay_rooms") == 0
                && metric(node, "rookery_relay_sitting") == 0
                && metric(node, "rookery_sockets_open") == 0);
  }
}

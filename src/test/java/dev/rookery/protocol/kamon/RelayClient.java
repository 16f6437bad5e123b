package dev.rookery.protocol.kamon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.RawSocket;
import dev.rookery.testkit.TestNode;

/** A player of a two-player game, and what an operator sees of it. */
final class RelayClient {
  private static final String SEATED =
      "rookery_commands_seconds_count{command=\"RelayCommand.Sit\",outcome=\"done\"}";

  private RelayClient() {}

  static RawSocket connect(TestNode node) {
    return RawSocket.open(node.port(), "/ws");
  }

  static RawSocket seated(TestNode node, String room, int number) {
    return connect(node).sendText("* " + room + "_" + number);
  }

  /** A player whose seat is known to the other nodes. */
  static RawSocket seatedForAll(TestNode node, String room, int number) {
    double before = figure(node, SEATED);
    RawSocket player = seated(node, room, number);
    Eventually.holds(() -> figure(node, SEATED) > before);
    return player;
  }

  /** Lets the player who came second speak first, so that each knows of the other. */
  static void meet(RawSocket first, RawSocket second) {
    second.sendText("*");
    assertThat(first.receiveText()).isEqualTo("*");
    first.sendText("met");
    assertThat(second.receiveText()).isEqualTo("met");
  }

  static double figure(TestNode node, String name) {
    return node.get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  static void empties(TestNode node) {
    Eventually.holds(
        () ->
            figure(node, "rookery_relay_rooms") == 0
                && figure(node, "rookery_relay_sitting") == 0
                && figure(node, "rookery_sockets_open") == 0);
  }
}

package dev.rookery.protocol.openturn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.bus.Done;
import dev.rookery.match.MatchCommand;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.SocketServer;
import dev.rookery.testkit.TestBus;
import dev.rookery.testkit.TestFanOut;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Sockets in the lobby of a room that close at any time. */
final class RoomSocketTest {
  @Test
  void socketLeavesAfterItsCommandUnderWaySoThatItKeepsNoSeat() {
    Promise<Void> moved = Promise.promise();
    List<String> log = new CopyOnWriteArrayList<>();
    try (var bus = new TestBus()) {
      bus.deploy(
          new VerticleBase() {
            @Override
            public Future<?> start() {
              return bus.bus().<MatchCommand<?>>serve(MatchCommand.ADDRESS, this::answer);
            }

            private Object answer(MatchCommand<?> command) {
              if (command instanceof MatchCommand.TakeSeat) {
                // As of a room that moves to another node.
                log.add("asked for a seat");
                moved.future().await();
                log.add("seated");
              } else {
                log.add(command.getClass().getSimpleName());
              }
              return Done.DONE;
            }
          });
      var fanOut = TestFanOut.on(bus);
      var server =
          SocketServer.start(
              bus.vertx(),
              connection ->
                  new LobbySocket(
                      connection,
                      entry(bus),
                      fanOut.subscribe("match:room_a", new LateSubscriber())));
      var client = server.open();
      client.sendText("{\"type\":\"lobby:take_seat\",\"seatIndex\":0}");
      Eventually.holds(() -> log.contains("asked for a seat"));

      client.close();
      server.awaitNoSockets();
      bus.vertx().runOnContext(_ -> moved.complete());

      Eventually.holds(() -> log.size() == 3);
      assertThat(log).containsExactly("asked for a seat", "seated", "Disconnect");
    }
  }

  private static RoomEntry entry(TestBus bus) {
    var services = new RoomServices(bus.bus(), null, null, null, null);
    return new RoomEntry(services, "room_a", "7", null, "Ann", "a-socket", "ws://localhost");
  }
}

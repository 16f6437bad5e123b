package dev.rookery.testkit;

import dev.rookery.base.CatchUp;
import dev.rookery.base.CommittedEvent;
import dev.rookery.base.Position;
import dev.rookery.bus.EventTypes;
import dev.rookery.fanout.EventHistory;
import dev.rookery.fanout.FanOut;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;

/** A fan-out of streams that have no events. */
public final class TestFanOut {
  private TestFanOut() {}

  public static FanOut on(TestBus bus) {
    return new FanOut(
        bus.vertx(),
        bus.bus(),
        new EventTypes(List.of()),
        new NoEvents(),
        new SimpleMeterRegistry(),
        "node-a",
        1);
  }

  private record NoEvents() implements EventHistory {
    @Override
    public Future<CatchUp<CommittedEvent>> readAfter(String stream, Position position, int max) {
      return Future.succeededFuture(new CatchUp.Events<>(List.of(), false));
    }

    @Override
    public Future<Map<String, Position>> readHeads(List<String> streams) {
      return Future.succeededFuture(Map.of());
    }

    @Override
    public Position beginning() {
      return Position.START;
    }

    @Override
    public boolean hasOneEpochSince(Position beginning) {
      return true;
    }
  }
}

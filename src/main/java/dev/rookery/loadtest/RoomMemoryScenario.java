package dev.rookery.loadtest;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/**
 * Running matches in which one action was played: the memory of the server that each needs, with
 * its sockets and without them. Some rooms are opened before, so that what the server allocates
 * once is allocated.
 */
final class RoomMemoryScenario implements Scenario {
  private static final int WARMUP_ROOMS = 200;
  private static final int SETTLE_SECONDS = 3;

  private final ScenarioContext context;
  private final LoadMetrics metrics;
  private final List<String> notes = new ArrayList<>();
  private NodeHeap.Used before = new NodeHeap.Used(0, 0);

  RoomMemoryScenario(ScenarioContext context) {
    this.context = context;
    this.metrics = context.metrics();
  }

  @Override
  public String unit() {
    return "rooms";
  }

  @Override
  public Future<Void> run() {
    int count = context.number(LoadParameter.ROOMS);
    return MatchRooms.open(context, Math.min(count, WARMUP_ROOMS))
        .compose(_ -> context.sockets().closeOpen())
        .compose(_ -> context.warmUp())
        .compose(_ -> heap())
        .onSuccess(used -> before = used)
        .compose(
            _ -> {
              context.begin();
              return MatchRooms.open(context, count);
            })
        .compose(rooms -> Future.join(rooms.stream().map(this::play).toList()))
        .onSuccess(_ -> context.end())
        .compose(_ -> settle())
        .onSuccess(used -> note("with its sockets", used, count))
        .compose(_ -> context.sockets().closeOpen())
        .compose(_ -> settle())
        .onSuccess(used -> note("whose sockets are closed", used, count))
        .mapEmpty();
  }

  private Future<Void> play(MatchRoom room) {
    long start = context.now();
    return room.act().onSuccess(_ -> metrics.unit(context.now() - start));
  }

  private Future<NodeHeap.Used> settle() {
    return context.seconds(SETTLE_SECONDS).compose(_ -> heap());
  }

  private Future<NodeHeap.Used> heap() {
    return context.vertx().executeBlocking(() -> NodeHeap.afterCollection(context));
  }

  private void note(String label, NodeHeap.Used used, int rooms) {
    if (context.server().isKnown()) {
      notes.add(
          ScenarioContext.line(
              "%,.0f bytes of heap per room %s (%,d MiB before, %,d MiB with all); %,d rooms are"
                  + " loaded",
              (double) (used.bytes() - before.bytes()) / rooms,
              label,
              before.bytes() >> 20,
              used.bytes() >> 20,
              used.rooms()));
    }
  }

  @Override
  public List<String> notes() {
    return List.copyOf(notes);
  }
}

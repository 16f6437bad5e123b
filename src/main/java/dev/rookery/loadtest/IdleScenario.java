package dev.rookery.loadtest;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/**
 * Idle sockets: the server memory that each needs, and the processor time for each second. Some are
 * opened and closed before, so that what the server allocates once is allocated.
 */
final class IdleScenario implements Scenario {
  private static final int WARMUP_SOCKETS = 1_000;
  private static final int SETTLE_SECONDS = 3;

  private final ScenarioContext context;
  private final LoadMetrics metrics;
  private final List<String> notes = new ArrayList<>();
  private long before;

  IdleScenario(ScenarioContext context) {
    this.context = context;
    this.metrics = context.metrics();
  }

  @Override
  public String unit() {
    return "socket-s";
  }

  @Override
  public Future<Void> run() {
    return BoundedConcurrency.signIn(context, "player", context.number(LoadParameter.SOCKETS))
        .compose(this::run);
  }

  private Future<Void> run(List<LoadTestUser> users) {
    return open(users.subList(0, Math.min(users.size(), WARMUP_SOCKETS)))
        .compose(_ -> context.sockets().closeOpen())
        .compose(_ -> context.warmUp())
        .compose(_ -> memory())
        .onSuccess(bytes -> before = bytes)
        .compose(_ -> open(users))
        .compose(_ -> context.seconds(SETTLE_SECONDS))
        .compose(
            _ -> {
              note("without a garbage collection", context.server().privateBytes(), users.size());
              return memory();
            })
        .onSuccess(bytes -> note("after a garbage collection", bytes, users.size()))
        .compose(_ -> measure(users.size()));
  }

  private Future<Void> measure(int sockets) {
    int seconds = context.number(LoadParameter.SECONDS);
    context.begin();
    return context
        .seconds(seconds)
        .onSuccess(
            _ -> {
              metrics.units((long) context.sockets().count() * seconds);
              context.end();
              if (context.sockets().count() < sockets) {
                metrics.failed((sockets - context.sockets().count()) + " sockets were closed");
              }
            });
  }

  private Future<Void> open(List<LoadTestUser> users) {
    return BoundedConcurrency.join(
            context,
            users,
            context.number(LoadParameter.OPENING),
            LoadTestUser::userTopic,
            _ -> _ -> {})
        .mapEmpty();
  }

  /**
   * Collects garbage on the server, from a worker thread, and returns its private memory in bytes.
   */
  private Future<Long> memory() {
    return context
        .vertx()
        .executeBlocking(
            () -> {
              context.server().collectGarbage();
              return context.server().privateBytes();
            });
  }

  private void note(String label, long bytes, int sockets) {
    if (context.server().isKnown()) {
      notes.add(
          ScenarioContext.line(
              "%,.0f bytes of private memory per socket, %s (%,d MiB before, %,d MiB with"
                  + " all)",
              (double) (bytes - before) / sockets, label, before >> 20, bytes >> 20));
    }
  }

  @Override
  public List<String> notes() {
    return List.copyOf(notes);
  }
}

package dev.rookery.loadtest;

import io.vertx.core.Future;
import java.util.List;

/**
 * Opens sockets, a bounded number at a time: handshake, token, user channel joined. They stay open
 * until the last one is open.
 */
final class ConnectScenario implements Scenario {
  private static final int WARMUP_SOCKETS = 1_000;

  private final ScenarioContext context;
  private final LoadMetrics metrics;

  ConnectScenario(ScenarioContext context) {
    this.context = context;
    this.metrics = context.metrics();
  }

  @Override
  public String unit() {
    return "connects";
  }

  @Override
  public Future<Void> run() {
    return BoundedConcurrency.signIn(context, "player", context.number(LoadParameter.SOCKETS))
        .compose(
            users ->
                warmUp(users, context.now() + context.number(LoadParameter.WARMUP) * 1_000_000_000L)
                    .compose(
                        _ -> {
                          context.begin();
                          return open(users);
                        }))
        .onSuccess(_ -> context.end());
  }

  /** Opens and closes some of them, until the warm-up time is over. */
  private Future<Void> warmUp(List<LoadTestUser> users, long deadline) {
    if (context.now() >= deadline) {
      return Future.succeededFuture();
    }
    return open(users.subList(0, Math.min(users.size(), WARMUP_SOCKETS)))
        .compose(_ -> context.sockets().closeOpen())
        .compose(_ -> warmUp(users, deadline));
  }

  private Future<Void> open(List<LoadTestUser> users) {
    return BoundedConcurrency.forEach(
            users.size(),
            context.number(LoadParameter.OPENING),
            i -> {
              long start = context.now();
              LoadTestUser user = users.get(i);
              return TopicJoin.open(context, user, user.userTopic(), _ -> {})
                  .onSuccess(_ -> metrics.unit(context.now() - start));
            })
        .mapEmpty();
  }
}

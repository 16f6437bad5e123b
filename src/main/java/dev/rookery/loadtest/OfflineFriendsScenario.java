package dev.rookery.loadtest;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Players sign in, come online and leave: some with many friends, all of them offline, and as many
 * without friends. The two take turns of a second, so that both are measured on the same machine in
 * the same state, and their times are compared.
 */
final class OfflineFriendsScenario implements Scenario {
  private static final String NOTIFICATIONS = "/api/v1/notifications";
  private static final int PLAYERS = 4;
  private static final long TURN_MS = 500;
  private static final long ERRORS_MAX = 100;

  private final ScenarioContext context;
  private final LoadMetrics metrics;
  private final Side with = new Side("with");
  private final Side without = new Side("without");

  OfflineFriendsScenario(ScenarioContext context) {
    this.context = context;
    this.metrics = context.metrics();
  }

  @Override
  public String unit() {
    return "sign-ins";
  }

  @Override
  public Future<Void> run() {
    return with.prepare()
        .compose(_ -> without.prepare())
        .compose(
            _ ->
                BoundedConcurrency.signIn(context, "friend", context.number(LoadParameter.FRIENDS)))
        .compose(this::befriend)
        .compose(_ -> turns(context.number(LoadParameter.WARMUP)))
        .onSuccess(_ -> context.begin())
        .compose(_ -> turns(context.number(LoadParameter.SECONDS)))
        .onSuccess(_ -> context.end());
  }

  private Future<Void> befriend(List<LoadTestUser> friends) {
    Future<Void> all = Future.succeededFuture();
    for (LoadTestUser player : with.players) {
      all =
          all.compose(_ -> Friendships.make(context, player, friends))
              .compose(_ -> deleteNotifications(player));
    }
    return all;
  }

  /** Those of the friendships would be sent at each sign-in. */
  private Future<Void> deleteNotifications(LoadTestUser player) {
    var client = context.client(player.node());
    return client
        .get(NOTIFICATIONS + "?page_size=100", player.token())
        .compose(
            page -> {
              var ids = new JsonArray();
              page.getJsonArray("data").forEach(one -> ids.add(((JsonObject) one).getLong("id")));
              return ids.isEmpty()
                  ? Future.succeededFuture()
                  : client
                      .call(
                          HttpMethod.DELETE,
                          NOTIFICATIONS,
                          player.token(),
                          JsonObject.of("ids", ids))
                      .compose(_ -> deleteNotifications(player));
            });
  }

  private Future<Void> turns(int seconds) {
    long end = context.now() + TimeUnit.SECONDS.toNanos(seconds);
    return turns(end);
  }

  private Future<Void> turns(long end) {
    return context.now() >= end || metrics.errors() > ERRORS_MAX
        ? Future.succeededFuture()
        : without.turn().compose(_ -> with.turn()).compose(_ -> turns(end));
  }

  @Override
  public List<String> notes() {
    int friends = context.number(LoadParameter.FRIENDS);
    return List.of(
        ScenarioContext.line(
            "without friends p50 %.2f ms, mean %.2f ms, %,.0f/s",
            without.millis(), without.mean(), without.perSecond()),
        ScenarioContext.line(
            "with %,d friends who are offline p50 %.2f ms, mean %.2f ms, %,.0f/s",
            friends, with.millis(), with.mean(), with.perSecond()),
        ScenarioContext.line(
            "ratio of the times: p50 %.2f, mean %.2f",
            with.millis() / without.millis(), with.mean() / without.mean()));
  }

  /** The players of one kind. */
  private final class Side {
    private static final long TIME_MAX_NANOS = 60_000_000_000L;

    private final String name;
    private final List<LoadTestUser> players = new ArrayList<>();
    private final Histogram times = new Histogram(TIME_MAX_NANOS, 3);
    private long nanos;

    Side(String name) {
      this.name = name;
    }

    Future<Void> prepare() {
      return BoundedConcurrency.forEach(
              PLAYERS, PLAYERS, i -> LoadTestUser.signIn(context, context.node(), device(i)))
          .onSuccess(players::addAll)
          .mapEmpty();
    }

    private String device(int player) {
      return context.device(name + "-" + player);
    }

    Future<Void> turn() {
      long start = context.now();
      long end = start + TimeUnit.MILLISECONDS.toNanos(TURN_MS);
      boolean measured = metrics.isMeasuring();
      return BoundedConcurrency.forEach(PLAYERS, PLAYERS, i -> signIns(i, end))
          .onSuccess(
              _ -> {
                if (measured) {
                  nanos += context.now() - start;
                }
              })
          .mapEmpty();
    }

    private Future<Void> signIns(int player, long end) {
      Promise<Void> ended = Promise.promise();
      next(player, end, ended);
      return ended.future();
    }

    private void next(int player, long end, Promise<Void> ended) {
      if (context.now() >= end || metrics.errors() > ERRORS_MAX) {
        ended.complete();
        return;
      }
      long start = context.now();
      LoadTestUser.signIn(context, players.get(player).node(), device(player))
          .compose(user -> UserSession.open(context, user))
          .compose(
              session -> {
                record(context.now() - start);
                return session.leave();
              })
          .onComplete(
              done -> {
                if (done.failed()) {
                  metrics.failed(done.cause());
                }
                next(player, end, ended);
              });
    }

    private void record(long taken) {
      if (metrics.isMeasuring()) {
        metrics.unit(taken);
        times.recordValue(Math.min(taken, TIME_MAX_NANOS));
      }
    }

    double millis() {
      return times.getValueAtPercentile(50) / 1e6;
    }

    double mean() {
      return times.getMean() / 1e6;
    }

    double perSecond() {
      return nanos == 0 ? 0 : times.getTotalCount() * 1e9 / nanos;
    }
  }
}

package dev.rookery.loadtest;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;

/** Runs many operations of the same kind, a bounded number at a time. */
final class BoundedConcurrency {
  private static final int SIGN_INS_MAX = 64;

  private BoundedConcurrency() {}

  /** Signs in {@code count} devices, on all nodes in turn. */
  static Future<List<LoadTestUser>> signIn(ScenarioContext context, String name, int count) {
    return forEach(
        count,
        SIGN_INS_MAX,
        i -> LoadTestUser.signIn(context, context.node(), context.device(name + "-" + i)));
  }

  /** Opens one socket for each user and joins the topic. */
  static Future<List<ClientSocket>> join(
      ScenarioContext context,
      List<LoadTestUser> users,
      int concurrentMax,
      Function<LoadTestUser, String> topic,
      IntFunction<ClientSocket.Listener> listeners) {
    return forEach(
        users.size(),
        concurrentMax,
        i -> {
          LoadTestUser user = users.get(i);
          return TopicJoin.open(context, user, topic.apply(user), listeners.apply(i));
        });
  }

  /**
   * Runs an operation for each index below {@code count}; the results are in that order. Fails with
   * the first failure, after all running operations have ended.
   */
  static <T> Future<List<T>> forEach(
      int count, int concurrentMax, IntFunction<Future<T>> operation) {
    var results = new ArrayList<T>(count);
    for (int i = 0; i < count; i++) {
      results.add(null);
    }
    var workers = new ArrayList<Future<Void>>();
    var next = new int[1];
    for (int worker = 0; worker < Math.min(count, concurrentMax); worker++) {
      Promise<Void> done = Promise.promise();
      step(count, next, operation, results, done);
      workers.add(done.future());
    }
    return Future.join(workers).map(results);
  }

  private static <T> void step(
      int count,
      int[] next,
      IntFunction<Future<T>> operation,
      List<T> results,
      Promise<Void> done) {
    if (next[0] >= count) {
      done.complete();
      return;
    }
    int i = next[0]++;
    operation
        .apply(i)
        .onComplete(
            result -> {
              if (result.failed()) {
                next[0] = count;
                done.fail(result.cause());
              } else {
                results.set(i, result.result());
                step(count, next, operation, results, done);
              }
            });
  }
}

package dev.rookery.loadtest;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;

/** Many of the same, a bounded number at a time. */
final class BoundedConcurrency {
  private static final int SIGNING_IN = 64;

  private BoundedConcurrency() {}

  /** Signs in so many devices, on all nodes in turn. */
  static Future<List<LoadTestUser>> signIn(ScenarioContext stage, String name, int count) {
    return each(
        count,
        SIGNING_IN,
        i -> LoadTestUser.signIn(stage, stage.node(), stage.device(name + "-" + i)));
  }

  /** Each with a socket of its own that joined the topic. */
  static Future<List<ClientSocket>> join(
      ScenarioContext stage,
      List<LoadTestUser> people,
      int atOnce,
      Function<LoadTestUser, String> topic,
      IntFunction<ClientSocket.Listener> listeners) {
    return each(
        people.size(),
        atOnce,
        i -> {
          LoadTestUser person = people.get(i);
          return TopicJoin.open(stage, person, topic.apply(person), listeners.apply(i));
        });
  }

  /** In the order of their numbers. Fails with the first that fails, when none is under way. */
  static <T> Future<List<T>> each(int count, int atOnce, IntFunction<Future<T>> make) {
    var all = new ArrayList<T>(count);
    for (int i = 0; i < count; i++) {
      all.add(null);
    }
    var lanes = new ArrayList<Future<Void>>();
    var next = new int[1];
    for (int lane = 0; lane < Math.min(count, atOnce); lane++) {
      Promise<Void> done = Promise.promise();
      step(count, next, make, all, done);
      lanes.add(done.future());
    }
    return Future.join(lanes).map(all);
  }

  private static <T> void step(
      int count, int[] next, IntFunction<Future<T>> make, List<T> all, Promise<Void> done) {
    if (next[0] >= count) {
      done.complete();
      return;
    }
    int i = next[0]++;
    make.apply(i)
        .onComplete(
            made -> {
              if (made.failed()) {
                next[0] = count;
                done.fail(made.cause());
              } else {
                all.set(i, made.result());
                step(count, next, make, all, done);
              }
            });
  }
}

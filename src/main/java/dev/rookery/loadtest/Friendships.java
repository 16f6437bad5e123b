package dev.rookery.loadtest;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** Makes users friends of each other, as their clients do. */
final class Friendships {
  private static final int CONCURRENT_MAX = 32;

  private Friendships() {}

  /** Makes one user a friend of all others. The node must allow as many friends. */
  static Future<Void> make(ScenarioContext context, LoadTestUser one, List<LoadTestUser> others) {
    return BoundedConcurrency.forEach(
            others.size(), CONCURRENT_MAX, i -> make(context, one, others.get(i)))
        .mapEmpty();
  }

  /** Requests that cross each other make a friendship. */
  static Future<Void> make(ScenarioContext context, LoadTestUser one, LoadTestUser other) {
    return request(context, one, other).compose(_ -> request(context, other, one));
  }

  private static Future<Void> request(
      ScenarioContext context, LoadTestUser by, LoadTestUser target) {
    return context
        .client(by.node())
        .post("/api/v1/friends", by.token(), JsonObject.of("target_user_id", target.id()))
        .mapEmpty();
  }
}

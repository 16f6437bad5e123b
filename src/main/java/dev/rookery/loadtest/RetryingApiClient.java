package dev.rookery.loadtest;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One player's requests: asked of any node that is ready, and again, under the same key, of another
 * if nobody can say whether it was done. So a command ends as done, as refused, or after a minute.
 */
final class RetryingApiClient {
  private static final long GIVE_UP_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final long TIMEOUT_MS = 5_000;
  private static final int WAIT_MS_MIN = 100;
  private static final int WAIT_MS_MAX = 500;
  private static final int WAIT_MS_LONGEST = 5_000;

  private final ScenarioContext stage;
  private final NodeSelector nodes;
  private final Random random;
  private final String device;
  private @Nullable LoadTestUser person;

  RetryingApiClient(ScenarioContext stage, NodeSelector nodes, Random random, String device) {
    this.stage = stage;
    this.nodes = nodes;
    this.random = random;
    this.device = device;
  }

  LoadTestUser person() {
    if (person == null) {
      throw new IllegalStateException("has not signed in");
    }
    return person;
  }

  Future<LoadTestUser> signIn() {
    return attempt(
            HttpMethod.POST,
            "/api/v1/login/device",
            JsonObject.of("device_id", device),
            null,
            stage.now() + GIVE_UP_NANOS,
            WAIT_MS_MAX)
        .map(
            answer -> {
              JsonObject data = answer.getJsonObject("data");
              person =
                  new LoadTestUser(
                      data.getLong("user_id"), data.getString("access_token"), nodes.pick());
              return person;
            });
  }

  Future<JsonObject> get(String path) {
    return attempt(HttpMethod.GET, path, null, null, stage.now() + GIVE_UP_NANOS, WAIT_MS_MAX);
  }

  /**
   * @param key by which a server knows that it was asked before; null where asking twice is
   *     harmless
   */
  Future<JsonObject> post(String path, JsonObject body, @Nullable String key) {
    long start = stage.now();
    return attempt(HttpMethod.POST, path, body, key, start + GIVE_UP_NANOS, WAIT_MS_MAX)
        .onSuccess(_ -> stage.figures().unit(stage.now() - start));
  }

  /** Each time waits for longer, so that nodes that cannot keep up are not asked ever more. */
  private Future<JsonObject> attempt(
      HttpMethod method,
      String path,
      @Nullable JsonObject body,
      @Nullable String key,
      long until,
      int waitMs) {
    URI node = nodes.pick();
    String token = person == null ? null : person.token();
    return stage
        .caller(node)
        .within(TIMEOUT_MS)
        .call(method, path, token, body, key)
        .recover(
            cause -> {
              if (!(cause instanceof RequestException failed) || stage.now() > until) {
                return Future.failedFuture(cause);
              }
              if (failed.status() == 401 && person != null) {
                // Fifteen minutes are over.
                person = null;
                return signIn().compose(_ -> attempt(method, path, body, key, until, waitMs));
              }
              if (!failed.mayPass()) {
                return Future.failedFuture(cause);
              }
              if (failed.status() == 0) {
                nodes.avoid(node);
              }
              stage.figures().retried(cause);
              return stage
                  .millis(random.nextInt(WAIT_MS_MIN, waitMs))
                  .compose(
                      _ ->
                          attempt(
                              method,
                              path,
                              body,
                              key,
                              until,
                              Math.min(2 * waitMs, WAIT_MS_LONGEST)));
            });
  }
}

package dev.rookery.loadtest;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one player, sent to any ready node. A request whose outcome is unknown is sent
 * again to another node under the same idempotency key, for up to three minutes.
 */
final class RetryingApiClient {
  private static final long TIMEOUT_NANOS = TimeUnit.MINUTES.toNanos(3);
  private static final long TIMEOUT_MS = 10_000;
  private static final int DELAY_MS_MIN = 100;
  private static final int DELAY_MS_FIRST = 500;
  private static final int DELAY_MS_MAX = 5_000;

  private final ScenarioContext context;
  private final NodeSelector nodes;
  private final Random random;
  private final String device;
  private @Nullable LoadTestUser user;

  RetryingApiClient(ScenarioContext context, NodeSelector nodes, Random random, String device) {
    this.context = context;
    this.nodes = nodes;
    this.random = random;
    this.device = device;
  }

  LoadTestUser user() {
    if (user == null) {
      throw new IllegalStateException("the player has not signed in");
    }
    return user;
  }

  Future<LoadTestUser> signIn() {
    return attempt(
            HttpMethod.POST,
            "/api/v1/login/device",
            JsonObject.of("device_id", device),
            null,
            context.now() + TIMEOUT_NANOS,
            DELAY_MS_FIRST)
        .map(
            answer -> {
              JsonObject data = answer.getJsonObject("data");
              user =
                  new LoadTestUser(
                      data.getLong("user_id"), data.getString("access_token"), nodes.pick());
              return user;
            });
  }

  Future<JsonObject> get(String path) {
    return attempt(HttpMethod.GET, path, null, null, context.now() + TIMEOUT_NANOS, DELAY_MS_FIRST);
  }

  /**
   * @param key idempotency key; null where repeating the request is harmless
   */
  Future<JsonObject> post(String path, JsonObject body, @Nullable String key) {
    long start = context.now();
    return attempt(HttpMethod.POST, path, body, key, start + TIMEOUT_NANOS, DELAY_MS_FIRST)
        .onSuccess(_ -> context.metrics().unit(context.now() - start));
  }

  /** Retries with growing delays, so that overloaded nodes are not asked ever more. */
  private Future<JsonObject> attempt(
      HttpMethod method,
      String path,
      @Nullable JsonObject body,
      @Nullable String key,
      long deadline,
      int delayMs) {
    URI node = nodes.pick();
    String token = user == null ? null : user.token();
    return context
        .client(node)
        .withTimeout(TIMEOUT_MS)
        .call(method, path, token, body, key)
        .recover(
            cause -> {
              if (!(cause instanceof RequestException failed) || context.now() > deadline) {
                return Future.failedFuture(cause);
              }
              if (failed.status() == 401 && user != null) {
                // The access token has expired.
                user = null;
                return signIn().compose(_ -> attempt(method, path, body, key, deadline, delayMs));
              }
              if (!failed.isRetryable()) {
                return Future.failedFuture(cause);
              }
              if (failed.status() == 0) {
                nodes.avoid(node);
              }
              context.metrics().retried(cause);
              return context
                  .millis(random.nextInt(DELAY_MS_MIN, delayMs))
                  .compose(
                      _ ->
                          attempt(
                              method,
                              path,
                              body,
                              key,
                              deadline,
                              Math.min(2 * delayMs, DELAY_MS_MAX)));
            });
  }
}

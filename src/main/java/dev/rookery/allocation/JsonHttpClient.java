package dev.rookery.allocation;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * HTTP client for the JSON APIs of game server providers, bounded in time, response size and
 * concurrency. Requests run on the Vert.x context in which the client was created: on another
 * thread a response may have ended before its handlers are set.
 */
final class JsonHttpClient {
  private static final Logger LOG = LoggerFactory.getLogger(JsonHttpClient.class);
  private static final int RESPONSE_BYTES_MAX = 64 << 10;
  private static final int QUEUED_MAX = 10_000;
  private static final int CONNECT_TIMEOUT_MS = 5_000;
  private static final Refused ALLOCATION_FAILED =
      new Refused(new Refusal.Unavailable("allocation_failed"));

  private final Context context;
  private final HttpClientAgent client;
  private final long timeoutMs;

  /**
   * @param timeout the time within which a response must be complete
   * @param concurrentMax how many requests may be in progress; further ones are queued
   */
  JsonHttpClient(Vertx vertx, Duration timeout, int concurrentMax) {
    this.timeoutMs = timeout.toMillis();
    this.context = vertx.getOrCreateContext();
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setName("game-servers")
                .setConnectTimeout((int) Math.min(timeoutMs, CONNECT_TIMEOUT_MS)),
            new PoolOptions().setHttp1MaxSize(concurrentMax).setMaxWaitQueueSize(QUEUED_MAX));
  }

  record Response(int status, Buffer body) {
    boolean ok() {
      return status / 100 == 2;
    }
  }

  /**
   * Posts a JSON object and returns the JSON object of the response. Any failure is logged, without
   * headers because they hold the API key, and becomes {@code Unavailable("allocation_failed")}.
   */
  Future<JsonObject> post(String url, Map<String, String> headers, JsonObject body) {
    return send(HttpMethod.POST, url, headers, body)
        .compose(
            response ->
                response.ok()
                    ? Future.succeededFuture(response.body().toJsonObject())
                    : Future.failedFuture("status " + response.status()))
        .recover(
            failure -> {
              LOG.warn("Allocating a game server at {} failed: {}", url, failure.toString());
              return Future.failedFuture(ALLOCATION_FAILED);
            });
  }

  /** Sends a request. Any status is a success; fails if there is no complete response in time. */
  Future<Response> send(
      HttpMethod method, String url, Map<String, String> headers, @Nullable JsonObject body) {
    var options = new RequestOptions().setMethod(method).setAbsoluteURI(url);
    headers.forEach(options::putHeader);
    Promise<Response> promise = Promise.promise();
    context.runOnContext(_ -> sendOnContext(options, body).onComplete(promise));
    return promise.future();
  }

  private Future<Response> sendOnContext(RequestOptions options, @Nullable JsonObject body) {
    Promise<HttpClientRequest> sent = Promise.promise();
    return client
        .request(options)
        .onComplete(sent)
        .compose(
            request ->
                body == null
                    ? request.send()
                    : request.putHeader("content-type", "application/json").send(body.toBuffer()))
        .compose(JsonHttpClient::read)
        .timeout(timeoutMs, TimeUnit.MILLISECONDS)
        .onFailure(_ -> sent.future().onSuccess(HttpClientRequest::reset));
  }

  static Refused allocationFailed() {
    return ALLOCATION_FAILED;
  }

  private static Future<Response> read(HttpClientResponse response) {
    Promise<Response> promise = Promise.promise();
    var body = Buffer.buffer();
    response.exceptionHandler(promise::tryFail);
    response.endHandler(_ -> promise.tryComplete(new Response(response.statusCode(), body)));
    response.handler(
        chunk -> {
          if (body.length() + chunk.length() > RESPONSE_BYTES_MAX) {
            promise.tryFail("response exceeds " + RESPONSE_BYTES_MAX + " bytes");
          } else {
            body.appendBuffer(chunk);
          }
        });
    return promise.future();
  }
}

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
 * Questions to a provider of game servers: JSON over HTTP, bounded in time and size. They are asked
 * on the context of the thread that made this: elsewhere an answer may be over before anybody has
 * begun to read it.
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
   * @param timeout an answer must be there
   * @param concurrentMax how many questions may be under way; more wait
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

  /** Whatever goes wrong is logged, without what the headers say, and is one refusal. */
  Future<JsonObject> post(String url, Map<String, String> headers, JsonObject body) {
    return send(HttpMethod.POST, url, headers, body)
        .compose(
            reply ->
                reply.ok()
                    ? Future.succeededFuture(reply.body().toJsonObject())
                    : Future.failedFuture("status " + reply.status()))
        .recover(
            failure -> {
              LOG.warn("{} gave no game server: {}", url, failure.toString());
              return Future.failedFuture(ALLOCATION_FAILED);
            });
  }

  /** Any status is an answer; fails when there is none. */
  Future<Response> send(
      HttpMethod method, String url, Map<String, String> headers, @Nullable JsonObject body) {
    var options = new RequestOptions().setMethod(method).setAbsoluteURI(url);
    headers.forEach(options::putHeader);
    Promise<Response> answered = Promise.promise();
    context.runOnContext(_ -> sendOnContext(options, body).onComplete(answered));
    return answered.future();
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
            promise.tryFail("an answer of more than " + RESPONSE_BYTES_MAX + " bytes");
          } else {
            body.appendBuffer(chunk);
          }
        });
    return promise.future();
  }
}

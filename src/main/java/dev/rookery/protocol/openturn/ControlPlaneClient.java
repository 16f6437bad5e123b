package dev.rookery.protocol.openturn;

import dev.rookery.match.ControlPlane;
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
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Sends requests to a control plane, signed with the secret of room tokens (openturn contract,
 * 6.6). Bounded in time, in the size of answers and in concurrency; redirects are not followed.
 */
public final class ControlPlaneClient implements ControlPlane {
  private static final int ANSWER_BYTES_MAX = 1 << 20;
  private static final int CONNECTIONS_MAX = 32;
  private static final int WAITING_MAX = 1_000;
  private static final int CONNECT_TIMEOUT_MS_MAX = 5_000;
  private static final String SIGNATURE = "x-openturn-signature";

  private final Context context;
  private final HttpClientAgent client;
  private final String base;
  private final String secret;
  private final long timeoutMs;

  /**
   * @param base the address of the service
   * @param secret that signs room tokens
   * @param timeout within which an answer must be complete
   */
  public ControlPlaneClient(Vertx vertx, String base, String secret, Duration timeout) {
    this.base = base.replaceAll("/+$", "");
    this.secret = secret;
    this.timeoutMs = timeout.toMillis();
    this.context = vertx.getOrCreateContext();
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setName("control-plane")
                .setConnectTimeout((int) Math.min(timeoutMs, CONNECT_TIMEOUT_MS_MAX)),
            new PoolOptions().setHttp1MaxSize(CONNECTIONS_MAX).setMaxWaitQueueSize(WAITING_MAX));
  }

  @Override
  public Future<Reply> post(String path, JsonObject body) {
    String text = body.encode();
    var options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setAbsoluteURI(base + path)
            .putHeader("content-type", "application/json")
            .putHeader(SIGNATURE, RoomTokens.signValue(text, secret));
    Promise<Reply> promise = Promise.promise();
    // On one event loop, so that no part of an answer comes before its handlers are set.
    context.runOnContext(_ -> send(options, Buffer.buffer(text)).onComplete(promise));
    return promise.future();
  }

  private Future<Reply> send(RequestOptions options, Buffer body) {
    Promise<HttpClientRequest> sent = Promise.promise();
    return client
        .request(options)
        .onComplete(sent)
        .compose(request -> request.send(body))
        .compose(ControlPlaneClient::read)
        .timeout(timeoutMs, TimeUnit.MILLISECONDS)
        .onFailure(_ -> sent.future().onSuccess(HttpClientRequest::reset));
  }

  private static Future<Reply> read(HttpClientResponse response) {
    Promise<Reply> promise = Promise.promise();
    var body = Buffer.buffer();
    response.exceptionHandler(promise::tryFail);
    response.endHandler(_ -> promise.tryComplete(new Reply(response.statusCode(), object(body))));
    response.handler(
        chunk -> {
          if (body.length() + chunk.length() > ANSWER_BYTES_MAX) {
            promise.tryFail("the answer exceeds " + ANSWER_BYTES_MAX + " bytes");
          } else {
            body.appendBuffer(chunk);
          }
        });
    return promise.future();
  }

  private static JsonObject object(Buffer body) {
    try {
      return Json.decodeValue(body) instanceof JsonObject object ? object : new JsonObject();
    } catch (DecodeException _) {
      return new JsonObject();
    }
  }
}

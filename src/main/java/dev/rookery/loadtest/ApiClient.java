package dev.rookery.loadtest;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** HTTP client of one node; fails with {@link RequestException} for any answer that is not 2xx. */
final class ApiClient {
  private static final long TIMEOUT_MS = 30_000;
  private static final String SIGN_IN = "/api/v1/login/device";

  private final HttpClientAgent client;
  private final URI node;
  private final String host;
  private final ScenarioContext context;
  private final LoadMetrics metrics;
  private long timeoutMs = TIMEOUT_MS;
  private boolean recordsTime;
  private @Nullable String forwardedFor;

  ApiClient(HttpClientAgent client, URI node, ScenarioContext context) {
    this.client = client;
    this.node = node;
    this.host = Objects.requireNonNull(node.getHost());
    this.context = context;
    this.metrics = context.metrics();
  }

  /** Records the time of each request as the result of the scenario. */
  ApiClient recordsTime() {
    recordsTime = true;
    return this;
  }

  /** Sends requests as a proxy would for that client address; the node must trust the proxy. */
  ApiClient forwardedFor(String address) {
    this.forwardedFor = address;
    return this;
  }

  /** Sets the timeout of a request. */
  ApiClient withTimeout(long timeoutMs) {
    this.timeoutMs = timeoutMs;
    return this;
  }

  Future<JsonObject> get(String path, String token) {
    return call(HttpMethod.GET, path, token, null);
  }

  Future<JsonObject> post(String path, String token, JsonObject body) {
    return call(HttpMethod.POST, path, token, body);
  }

  Future<JsonObject> call(
      HttpMethod method, String path, @Nullable String token, @Nullable JsonObject body) {
    return call(method, path, token, body, null);
  }

  /**
   * Sends a request.
   *
   * @param key idempotency key, so that the server executes a repeated request once; null for none
   */
  Future<JsonObject> call(
      HttpMethod method,
      String path,
      @Nullable String token,
      @Nullable JsonObject body,
      @Nullable String key) {
    Buffer bytes = body == null ? null : body.toBuffer();
    if (!path.equals(SIGN_IN)) {
      return send(method, path, token, bytes, "application/json", key);
    }
    long delay = context.signIns().delayMs(context.now());
    Future<Void> due = delay == 0 ? Future.succeededFuture() : context.millis(delay);
    return due.compose(_ -> send(method, path, token, bytes, "application/json", key))
        .onSuccess(
            answer -> context.signIns().add(answer.getJsonObject("data").getLong("user_id")));
  }

  /** Uploads a file. */
  Future<JsonObject> upload(String path, String token, byte[] file) {
    return send(HttpMethod.PUT, path, token, Buffer.buffer(file), "application/octet-stream", null);
  }

  private Future<JsonObject> send(
      HttpMethod method,
      String path,
      @Nullable String token,
      @Nullable Buffer body,
      String contentType,
      @Nullable String key) {
    var options =
        new RequestOptions()
            .setHost(host)
            .setPort(ClientSockets.port(node))
            .setMethod(method)
            .setURI(path)
            .setTimeout(timeoutMs);
    if (token != null && !token.isEmpty()) {
      options.putHeader(HttpHeaders.AUTHORIZATION, "Bearer " + token);
    }
    if (forwardedFor != null) {
      options.putHeader("x-forwarded-for", forwardedFor);
    }
    if (key != null) {
      options.putHeader("Idempotency-Key", key);
    }
    if (body != null) {
      options.putHeader(HttpHeaders.CONTENT_TYPE, contentType);
    }
    long start = System.nanoTime();
    return client
        .request(options)
        .compose(request -> body == null ? request.send() : request.send(body))
        .compose(response -> response.body().map(answer -> readAnswer(response, answer, start)))
        .recover(
            cause ->
                Future.failedFuture(
                    cause instanceof RequestException
                        ? cause
                        : new RequestException(0, method + " " + node + path + ": " + cause)));
  }

  private JsonObject readAnswer(HttpClientResponse response, Buffer body, long start) {
    if (recordsTime) {
      metrics.timed(System.nanoTime() - start);
    } else {
      metrics.requested();
    }
    if (response.statusCode() / 100 != 2) {
      var request = response.request();
      throw new RequestException(
          response.statusCode(),
          request.getMethod()
              + " "
              + node
              + request.getURI()
              + ": "
              + response.statusCode()
              + " "
              + body);
    }
    return body.length() == 0 ? new JsonObject() : body.toJsonObject();
  }
}

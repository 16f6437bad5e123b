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

/** Asks one node over HTTP; fails with {@link RequestException} for anything but a 2xx answer. */
final class ApiClient {
  private static final long TIMEOUT_MS = 10_000;

  private final HttpClientAgent client;
  private final URI node;
  private final String host;
  private final LoadMetrics figures;
  private long timeoutMs = TIMEOUT_MS;
  private boolean timed;
  private @Nullable String from;

  ApiClient(HttpClientAgent client, URI node, LoadMetrics figures) {
    this.client = client;
    this.node = node;
    this.host = Objects.requireNonNull(node.getHost());
    this.figures = figures;
  }

  /** The time of each request is what is asked for. */
  ApiClient timed() {
    timed = true;
    return this;
  }

  /** As if from that address: a node believes it of what it takes for a proxy. */
  ApiClient from(String address) {
    this.from = address;
    return this;
  }

  /** Who does not answer in time has not answered. */
  ApiClient within(long timeoutMs) {
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
   * @param key so that the server does it once, however often it is asked; null for none
   */
  Future<JsonObject> call(
      HttpMethod method,
      String path,
      @Nullable String token,
      @Nullable JsonObject body,
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
    if (from != null) {
      options.putHeader("x-forwarded-for", from);
    }
    if (key != null) {
      options.putHeader("Idempotency-Key", key);
    }
    if (body != null) {
      options.putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
    }
    long start = System.nanoTime();
    return client
        .request(options)
        .compose(request -> body == null ? request.send() : request.send(body.toBuffer()))
        .compose(response -> response.body().map(answer -> answered(response, answer, start)))
        .recover(
            cause ->
                Future.failedFuture(
                    cause instanceof RequestException
                        ? cause
                        : new RequestException(0, method + " " + node + path + ": " + cause)));
  }

  private JsonObject answered(HttpClientResponse response, Buffer answer, long start) {
    if (timed) {
      figures.timed(System.nanoTime() - start);
    } else {
      figures.requested();
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
              + answer);
    }
    return answer.length() == 0 ? new JsonObject() : answer.toJsonObject();
  }
}

package dev.rookery.provider;

import dev.rookery.provider.ProviderException.Reason;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.StreamResetException;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * HTTP client for identity providers. A call fails with a {@link ProviderException} unless the
 * whole answer arrives within the configured time, has status 200 and at most 256 KiB; redirects
 * are not followed. At most 32 connections per provider are open, and at most 1,000 requests wait
 * for one.
 *
 * <p>Logs the provider and the kind of failure only: URLs and forms hold secrets.
 */
public final class ProviderHttpClient implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ProviderHttpClient.class);
  // RFC 6750, section 2.1.
  private static final Pattern BEARER_TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]{1,4096}=*");
  private static final int CONNECTIONS_MAX = 32;
  private static final int WAITING_MAX = 1_000;
  private static final int CONNECT_TIMEOUT_MS_MAX = 5_000;

  private final ContextInternal context;
  private final HttpClientAgent client;
  private final Vertx vertx;
  private final MeterRegistry meters;
  private final long timeoutMs;

  /**
   * @param timeout within which the whole answer must arrive
   */
  public ProviderHttpClient(Vertx vertx, Duration timeout, MeterRegistry meters) {
    this.context = (ContextInternal) vertx.getOrCreateContext();
    this.meters = meters;
    this.timeoutMs = timeout.toMillis();
    this.client =
        new BoundedHttpClient(
            vertx,
            vertx.createHttpClient(
                new HttpClientOptions()
                    .setConnectTimeout((int) Math.min(timeoutMs, CONNECT_TIMEOUT_MS_MAX)),
                new PoolOptions()
                    .setHttp1MaxSize(CONNECTIONS_MAX)
                    .setMaxWaitQueueSize(WAITING_MAX)),
            timeoutMs);
    this.vertx = new BoundedVertx(vertx, client);
  }

  /** For the OAuth library: each HTTP client that this Vert.x creates is the bounded one. */
  Vertx vertx() {
    return vertx;
  }

  /**
   * Runs a request, parks the calling virtual thread until it completes, and counts the outcome in
   * {@code rookery.provider.calls}.
   *
   * <p>The request runs on one event loop, so that no part of an answer arrives before its handlers
   * are set.
   *
   * @param provider its name in logs and metrics
   */
  <T> T call(String provider, Supplier<Future<T>> request) {
    var started = Timer.start(meters);
    String outcome = "ok";
    try {
      Promise<T> answer = context.promise();
      context.runOnContext(
          _ -> Future.succeededFuture().compose(_ -> request.get()).onComplete(answer));
      return answer
          .future()
          .timeout(timeoutMs, TimeUnit.MILLISECONDS)
          .recover(failed -> Future.failedFuture(classified(failed)))
          .await();
    } catch (ProviderException failed) {
      outcome = failed.reason().tag();
      LOG.info("{} failed: {}", provider, failed.getMessage());
      throw failed;
    } finally {
      started.stop(
          Timer.builder("rookery.provider.calls")
              .description("Requests to identity providers, by outcome")
              .tag("provider", provider)
              .tag("outcome", outcome)
              .register(meters));
    }
  }

  /** Tells an answer that cannot be used from one that did not arrive. */
  private static ProviderException classified(Throwable failed) {
    if (failed instanceof ProviderException known) {
      return known;
    }
    if (failed.getCause() instanceof ProviderException known) {
      return known;
    }
    boolean answered =
        failed instanceof RuntimeException
            && !(failed instanceof HttpClosedException
                || failed instanceof StreamResetException
                || failed instanceof ConnectionPoolTooBusyException);
    String kind = failed.getClass().getSimpleName();
    return answered
        ? new ProviderException(Reason.MALFORMED, "unusable answer: " + kind)
        : new ProviderException(Reason.UNAVAILABLE, "no answer: " + kind);
  }

  JsonObject getJson(String provider, String url, @Nullable String bearerToken) {
    var options = new RequestOptions().setMethod(HttpMethod.GET).setAbsoluteURI(url);
    if (bearerToken != null) {
      if (!BEARER_TOKEN.matcher(bearerToken).matches()) {
        // Also because a header that is not one would be quoted in the error.
        throw new ProviderException(Reason.REFUSED, "access token that is malformed");
      }
      options.putHeader("authorization", "Bearer " + bearerToken);
    }
    return call(provider, () -> send(options, Buffer.buffer()).map(ProviderHttpClient::json));
  }

  String postForm(String provider, String url, Map<String, String> form) {
    var options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setAbsoluteURI(url)
            .putHeader("content-type", "application/x-www-form-urlencoded");
    return call(
        provider, () -> send(options, Buffer.buffer(formEncoded(form))).map(Buffer::toString));
  }

  private Future<Buffer> send(RequestOptions options, Buffer body) {
    options.putHeader("accept", "application/json");
    return client
        .request(options)
        .compose(request -> body.length() == 0 ? request.send() : request.send(body))
        .compose(HttpClientResponse::body);
  }

  private static JsonObject json(Buffer text) {
    try {
      if (Json.decodeValue(text) instanceof JsonObject object) {
        return object;
      }
    } catch (DecodeException _) {
      // The same as JSON that is not an object.
    }
    throw new ProviderException(Reason.MALFORMED, "no JSON object");
  }

  static String formEncoded(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(field -> urlEncoded(field.getKey()) + "=" + urlEncoded(field.getValue()))
        .collect(Collectors.joining("&"));
  }

  static String urlEncoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    client.close();
  }
}

package dev.rookery.provider;

import dev.rookery.provider.ProviderException.Reason;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
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
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks foreign services. An answer that is late, too big, no JSON or not of status 200 is none;
 * redirections are not followed. Logs hosts alone: addresses and forms hold secrets.
 *
 * <p>Questions are asked on the context of the thread that made this: elsewhere an answer may be
 * over before anybody has begun to read it.
 */
public final class ProviderHttpClient implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ProviderHttpClient.class);
  private static final int ANSWER_BYTES_MAX = 256 << 10;
  private static final int CONNECTIONS_MAX = 32;
  private static final int WAITING_MAX = 1_000;
  private static final int CONNECT_WITHIN_MS = 5_000;
  private static final int OK = 200;

  private final Context context;
  private final HttpClientAgent client;
  private final MeterRegistry meters;
  private final long withinMs;

  /**
   * @param within a whole answer must be there
   */
  public ProviderHttpClient(Vertx vertx, Duration within, MeterRegistry meters) {
    this.context = vertx.getOrCreateContext();
    this.meters = meters;
    this.withinMs = within.toMillis();
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions().setConnectTimeout((int) Math.min(withinMs, CONNECT_WITHIN_MS)),
            new PoolOptions().setHttp1MaxSize(CONNECTIONS_MAX).setMaxWaitQueueSize(WAITING_MAX));
  }

  JsonObject getJson(String service, String url, @Nullable String bearer) {
    var options = new RequestOptions().setMethod(HttpMethod.GET).setAbsoluteURI(url);
    if (bearer != null) {
      options.putHeader("authorization", "Bearer " + bearer);
    }
    return ask(service, options, null, ProviderHttpClient::json);
  }

  /**
   * @param authorization a header; null for none
   */
  JsonObject postForm(
      String service, String url, Map<String, String> form, @Nullable String authorization) {
    return post(service, url, form, authorization, ProviderHttpClient::json);
  }

  String postFormForText(String service, String url, Map<String, String> form) {
    return post(service, url, form, null, Buffer::toString);
  }

  private <T> T post(
      String service,
      String url,
      Map<String, String> form,
      @Nullable String authorization,
      Function<Buffer, T> reading) {
    var options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setAbsoluteURI(url)
            .putHeader("content-type", "application/x-www-form-urlencoded");
    if (authorization != null) {
      options.putHeader("authorization", authorization);
    }
    return ask(service, options, Buffer.buffer(form(form)), reading);
  }

  static String basic(String name, String secret) {
    String both = encoded(name) + ":" + encoded(secret);
    return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.US_ASCII));
  }

  static String form(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
        .collect(Collectors.joining("&"));
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private <T> T ask(
      String service, RequestOptions options, @Nullable Buffer body, Function<Buffer, T> reading) {
    var started = Timer.start(meters);
    String outcome = "ok";
    try {
      Promise<Buffer> answered = Promise.promise();
      options.putHeader("accept", "application/json").putHeader("user-agent", "Rookery");
      context.runOnContext(_ -> send(options, body).onComplete(answered));
      return reading.apply(answered.future().await());
    } catch (ProviderException no) {
      outcome = no.reason().tag();
      LOG.info("{} failed: {}", service, no.getMessage());
      throw no;
    } finally {
      started.stop(
          Timer.builder("rookery.provider.calls")
              .description("Questions to services that vouch for players, by outcome")
              .tag("provider", service)
              .tag("outcome", outcome)
              .register(meters));
    }
  }

  private static Future<Buffer> unconvinced(Throwable failed) {
    return Future.failedFuture(
        failed instanceof ProviderException no
            ? no
            : new ProviderException(
                Reason.UNAVAILABLE, "no answer: " + failed.getClass().getSimpleName()));
  }

  private Future<Buffer> send(RequestOptions options, @Nullable Buffer body) {
    Promise<HttpClientRequest> sent = Promise.promise();
    return client
        .request(options)
        .onComplete(sent)
        .compose(request -> body == null ? request.send() : request.send(body))
        .compose(ProviderHttpClient::read)
        .timeout(withinMs, TimeUnit.MILLISECONDS)
        .onFailure(_ -> sent.future().onSuccess(HttpClientRequest::reset))
        .recover(ProviderHttpClient::unconvinced);
  }

  private static Future<Buffer> read(HttpClientResponse response) {
    Promise<Buffer> whole = Promise.promise();
    response.exceptionHandler(whole::tryFail);
    int status = response.statusCode();
    if (status != OK) {
      boolean no = status >= 300 && status < 500 && status != 408 && status != 429;
      return Future.failedFuture(
          new ProviderException(no ? Reason.REFUSED : Reason.UNAVAILABLE, "status " + status));
    }
    var read = Buffer.buffer();
    response.endHandler(_ -> whole.tryComplete(read));
    response.handler(
        part -> {
          if (read.length() + part.length() > ANSWER_BYTES_MAX) {
            whole.tryFail(
                new ProviderException(
                    Reason.TOO_LARGE, "more than " + ANSWER_BYTES_MAX + " bytes"));
          } else {
            read.appendBuffer(part);
          }
        });
    return whole.future();
  }

  private static JsonObject json(Buffer text) {
    try {
      if (Json.decodeValue(text) instanceof JsonObject object) {
        return object;
      }
    } catch (DecodeException _) {
      // As what is no object.
    }
    throw new ProviderException(Reason.MALFORMED, "no JSON object");
  }

  @Override
  public void close() {
    client.close();
  }
}

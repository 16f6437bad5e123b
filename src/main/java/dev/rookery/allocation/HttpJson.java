package dev.rookery.allocation;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Questions to a provider of game servers: JSON over HTTP, bounded in time and size. Whatever goes
 * wrong is logged, without what the headers say, and is one refusal for the caller.
 */
final class HttpJson {
  private static final Logger LOG = LoggerFactory.getLogger(HttpJson.class);
  private static final int ANSWER_BYTES_MAX = 64 << 10;
  private static final int CONNECTIONS_MAX = 32;
  private static final int WAITING_MAX = 1_000;
  private static final Refused FAILED = new Refused(new Refusal.Unavailable("allocation_failed"));

  private final HttpClientAgent client;
  private final long withinMs;

  HttpJson(Vertx vertx, Duration within) {
    this.withinMs = within.toMillis();
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions().setConnectTimeout(Math.toIntExact(withinMs)),
            new PoolOptions().setHttp1MaxSize(CONNECTIONS_MAX).setMaxWaitQueueSize(WAITING_MAX));
  }

  Future<JsonObject> post(String url, Map<String, String> headers, JsonObject body) {
    var options = new RequestOptions().setMethod(HttpMethod.POST).setAbsoluteURI(url);
    headers.forEach(options::putHeader);
    options.putHeader("content-type", "application/json");
    Promise<HttpClientRequest> sent = Promise.promise();
    return client
        .request(options)
        .onComplete(sent)
        .compose(request -> request.send(body.toBuffer()))
        .compose(HttpJson::read)
        .map(Buffer::toJsonObject)
        .timeout(withinMs, TimeUnit.MILLISECONDS)
        .recover(
            failure -> {
              LOG.warn("{} gave no game server: {}", url, failure.toString());
              sent.future().onSuccess(HttpClientRequest::reset);
              return Future.failedFuture(FAILED);
            });
  }

  static Refused failed() {
    return FAILED;
  }

  private static Future<Buffer> read(HttpClientResponse response) {
    Promise<Buffer> whole = Promise.promise();
    response.exceptionHandler(whole::tryFail);
    if (response.statusCode() / 100 != 2) {
      return Future.failedFuture("status " + response.statusCode());
    }
    var read = Buffer.buffer();
    response.endHandler(_ -> whole.tryComplete(read));
    response.handler(
        part -> {
          if (read.length() + part.length() > ANSWER_BYTES_MAX) {
            whole.tryFail("an answer of more than " + ANSWER_BYTES_MAX + " bytes");
          } else {
            read.appendBuffer(part);
          }
        });
    return whole.future();
  }
}

package dev.rookery.provider;

import dev.rookery.provider.ProviderException.Reason;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.ClientSSLOptions;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An HTTP client that resets each request whose answer is late, is larger than 256 KiB, or has
 * another status than 200. Its response or body then fails with an exception whose cause is a
 * {@link ProviderException} with the reason.
 */
final class BoundedHttpClient implements HttpClientAgent {
  private static final int BODY_BYTES_MAX = 256 << 10;
  private static final int OK = 200;
  private static final int REQUEST_TIMEOUT = 408;
  private static final int TOO_MANY_REQUESTS = 429;
  // The code of a reset in HTTP/2; HTTP/1.1 closes the connection.
  private static final long CANCEL = 8;

  private final Vertx vertx;
  private final HttpClientAgent client;
  private final long timeoutMs;

  BoundedHttpClient(Vertx vertx, HttpClientAgent client, long timeoutMs) {
    this.vertx = vertx;
    this.client = client;
    this.timeoutMs = timeoutMs;
  }

  @Override
  public Future<HttpClientRequest> request(RequestOptions options) {
    options.putHeader("user-agent", "Rookery").setConnectTimeout(timeoutMs);
    return client.request(options).map(this::bounded);
  }

  private HttpClientRequest bounded(HttpClientRequest request) {
    long timer =
        vertx.setTimer(timeoutMs, _ -> reset(request, Reason.UNAVAILABLE, "no answer in time"));
    request
        .response()
        .compose(response -> checked(request, response))
        .onComplete(_ -> vertx.cancelTimer(timer));
    return request;
  }

  private static Future<Buffer> checked(HttpClientRequest request, HttpClientResponse response) {
    // Before any reset: a caller that asks for the body later then gets the failed future.
    Future<Buffer> body = response.body();
    var read = new AtomicInteger();
    response.handler(
        part -> {
          if (read.addAndGet(part.length()) > BODY_BYTES_MAX) {
            reset(request, Reason.TOO_LARGE, "more than " + BODY_BYTES_MAX + " bytes");
          }
        });
    int status = response.statusCode();
    if (status != OK) {
      reset(request, isRefusal(status) ? Reason.REFUSED : Reason.UNAVAILABLE, "status " + status);
    }
    return body;
  }

  private static boolean isRefusal(int status) {
    return status >= 300
        && status < 500
        && status != REQUEST_TIMEOUT
        && status != TOO_MANY_REQUESTS;
  }

  private static void reset(HttpClientRequest request, Reason reason, String message) {
    request.reset(CANCEL, new ProviderException(reason, message));
  }

  @Override
  public Future<HttpClientConnection> connect(HttpConnectOptions options) {
    return Future.failedFuture(new UnsupportedOperationException("a connection has no bounds"));
  }

  @Override
  public Future<Boolean> updateSSLOptions(ClientSSLOptions options, boolean force) {
    return client.updateSSLOptions(options, force);
  }

  @Override
  public Future<Void> shutdown(long timeout, TimeUnit unit) {
    return client.shutdown(timeout, unit);
  }
}

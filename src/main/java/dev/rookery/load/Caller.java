package dev.rookery.load;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One who has one request under way at a time; the pool gives each caller a connection. */
final class Caller {
  private final HttpClientAgent client;
  private final String host;
  private final int port;
  private final Figures figures;

  Caller(HttpClientAgent client, URI url, Figures figures) {
    this.client = client;
    this.host = Objects.requireNonNull(url.getHost());
    this.port = url.getPort() < 0 ? 80 : url.getPort();
    this.figures = figures;
  }

  /** Fails for anything but a 2xx answer. */
  Future<JsonObject> call(
      HttpMethod method, String path, @Nullable String token, @Nullable JsonObject body) {
    long start = System.nanoTime();
    return client
        .request(new RequestOptions().setHost(host).setPort(port).setMethod(method).setURI(path))
        .compose(
            request -> {
              if (token != null) {
                request.putHeader(HttpHeaders.AUTHORIZATION, "Bearer " + token);
              }
              if (body == null) {
                return request.send();
              }
              request.putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
              return request.send(body.toBuffer());
            })
        .compose(
            response ->
                response
                    .body()
                    .compose(
                        answer -> {
                          figures.answered(System.nanoTime() - start);
                          return response.statusCode() / 100 == 2
                              ? Future.succeededFuture(json(answer))
                              : Future.failedFuture(
                                  method
                                      + " "
                                      + path
                                      + ": "
                                      + response.statusCode()
                                      + " "
                                      + answer);
                        }));
  }

  private static JsonObject json(Buffer answer) {
    return answer.length() == 0 ? new JsonObject() : answer.toJsonObject();
  }
}

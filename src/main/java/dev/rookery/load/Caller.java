package dev.rookery.load;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One kept-alive connection, with one request under way at a time. */
final class Caller {
  private final HttpClientConnection connection;
  private final Figures figures;

  private Caller(HttpClientConnection connection, Figures figures) {
    this.connection = connection;
    this.figures = figures;
  }

  static Future<Caller> open(HttpClientAgent client, URI url, Figures figures) {
    int port = url.getPort() < 0 ? 80 : url.getPort();
    return client
        .connect(
            new HttpConnectOptions().setHost(Objects.requireNonNull(url.getHost())).setPort(port))
        .map(connection -> new Caller(connection, figures));
  }

  /** Fails for anything but a 2xx answer. */
  Future<JsonObject> call(
      HttpMethod method, String path, @Nullable String token, @Nullable JsonObject body) {
    long start = System.nanoTime();
    return connection
        .request(new RequestOptions().setMethod(method).setURI(path))
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

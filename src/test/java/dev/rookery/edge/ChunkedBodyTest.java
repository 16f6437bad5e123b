package dev.rookery.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Bodies that are sent in many chunks. */
final class ChunkedBodyTest {
  private static final int CHUNKS = 20_000;

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() throws Exception {
    get(vertx.close());
  }

  /** Each chunk is there a little later than the one before. */
  private ChunkedBody body(int chunks) {
    return new ChunkedBody(
        "x",
        chunks == 1
            ? null
            : () -> {
              Promise<ChunkedBody> later = Promise.promise();
              vertx.runOnContext(_ -> later.complete(body(chunks - 1)));
              return later.future();
            });
  }

  @Test
  void tellsWhenALongBodyIsSent() throws Exception {
    Promise<Void> sent = Promise.promise();
    HttpServer server =
        get(
            vertx
                .createHttpServer()
                .requestHandler(request -> body(CHUNKS).send(request.response()).onComplete(sent))
                .listen(0, "127.0.0.1"));
    try (var client = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://127.0.0.1:" + server.actualPort());
      assertThat(client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body())
          .hasSize(CHUNKS);
    }
    get(sent.future());
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(2, TimeUnit.MINUTES);
  }
}

package dev.rookery.edge;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpServerResponse;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A response body that is produced in chunks, so that it never has to fit into memory: each chunk
 * is requested after the one before was written to the client.
 *
 * @param next requests the next chunk; null for the last one
 */
public record ChunkedBody(String chunk, @Nullable Supplier<Future<ChunkedBody>> next) {
  /**
   * Reads pages one after the other.
   *
   * @param read reads the page at a cursor; the first page has none
   * @param text the chunk of a page
   * @param next the cursor of the page after this one; null for the last page
   */
  public static <T, P> Future<ChunkedBody> of(
      Function<@Nullable P, Future<T>> read,
      Function<T, String> text,
      Function<T, @Nullable P> next) {
    return from(null, read, text, next);
  }

  private static <T, P> Future<ChunkedBody> from(
      @Nullable P cursor,
      Function<@Nullable P, Future<T>> read,
      Function<T, String> text,
      Function<T, @Nullable P> next) {
    return read.apply(cursor)
        .map(
            page -> {
              P following = next.apply(page);
              return new ChunkedBody(
                  text.apply(page),
                  following == null ? null : () -> from(following, read, text, next));
            });
  }

  /**
   * Writes this chunk and all that follow; completes when the last one is written. If a chunk
   * cannot be read or the client has disconnected the future fails, and the caller must close the
   * connection, because the response is incomplete.
   */
  public Future<Void> send(HttpServerResponse response) {
    if (!response.headWritten()) {
      response.setChunked(true);
    }
    Promise<Void> sent = Promise.promise();
    send(response, sent);
    return sent.future();
  }

  /** Completes one promise, because a chain of futures would become as long as the body. */
  private void send(HttpServerResponse response, Promise<Void> sent) {
    Supplier<Future<ChunkedBody>> following = next;
    if (following == null) {
      response.end(chunk).onComplete(sent);
      return;
    }
    response
        .write(chunk)
        .compose(_ -> following.get())
        .map(
            body -> {
              body.send(response, sent);
              return body;
            })
        .onFailure(sent::tryFail);
  }
}

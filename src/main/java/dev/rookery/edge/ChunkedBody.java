package dev.rookery.edge;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerResponse;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An answer that may be longer than what one would hold in memory: each piece is made when the one
 * before it has left for the client.
 *
 * @param next null for the last piece
 */
public record ChunkedBody(String chunk, @Nullable Supplier<Future<ChunkedBody>> next) {
  /**
   * Asks for one piece after the other.
   *
   * @param ask for the piece at a place; the first has none
   * @param next where the piece after this one is; null for the last
   */
  public static <T, P> Future<ChunkedBody> of(
      Function<@Nullable P, Future<T>> ask,
      Function<T, String> text,
      Function<T, @Nullable P> next) {
    return from(null, ask, text, next);
  }

  private static <T, P> Future<ChunkedBody> from(
      @Nullable P place,
      Function<@Nullable P, Future<T>> ask,
      Function<T, String> text,
      Function<T, @Nullable P> next) {
    return ask.apply(place)
        .map(
            piece -> {
              P after = next.apply(piece);
              return new ChunkedBody(
                  text.apply(piece), after == null ? null : () -> from(after, ask, text, next));
            });
  }

  /**
   * Ends when all of them are written. Fails when one could not be made or the client is gone; the
   * answer is then half an answer, and whoever sends it has to cut the connection.
   */
  public Future<Void> send(HttpServerResponse response) {
    if (!response.headWritten()) {
      response.setChunked(true);
    }
    Supplier<Future<ChunkedBody>> following = next;
    return following == null
        ? response.end(chunk)
        : response
            .write(chunk)
            .compose(_ -> following.get())
            .compose(pieces -> pieces.send(response));
  }
}

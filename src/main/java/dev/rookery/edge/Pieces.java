package dev.rookery.edge;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerResponse;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An answer that may be longer than what one would hold in memory: each piece is made when the one
 * before it has left for the client.
 *
 * @param next null for the last piece
 */
public record Pieces(String text, @Nullable Supplier<Future<Pieces>> next) {
  /**
   * Ends when all of them are written. Fails when one could not be made or the client is gone; the
   * answer is then half an answer, and whoever sends it has to cut the connection.
   */
  public Future<Void> send(HttpServerResponse response) {
    if (!response.headWritten()) {
      response.setChunked(true);
    }
    Supplier<Future<Pieces>> following = next;
    return following == null
        ? response.end(text)
        : response
            .write(text)
            .compose(_ -> following.get())
            .compose(pieces -> pieces.send(response));
  }
}

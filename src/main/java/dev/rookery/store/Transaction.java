package dev.rookery.store;

import dev.rookery.base.Event;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a unit of work may do. Valid only inside {@link Database#write}. When a statement fails the
 * transaction is lost, even if the failure is caught.
 */
public interface Transaction extends Reader {
  /** Runs one statement; its rows are those read or {@code RETURNING}. */
  Rows run(String sql, @Nullable Object... values);

  @Override
  default Rows read(String sql, @Nullable Object... values) {
    return run(sql, values);
  }

  /**
   * Appends an event to a stream ({@code lobby:12}) of the outbox, at the stream's next offset. The
   * stream is created by its first event.
   */
  AppendResult append(String stream, Event event);

  /** The time of this unit of work, by the node's clock; the same throughout. */
  Instant now();
}

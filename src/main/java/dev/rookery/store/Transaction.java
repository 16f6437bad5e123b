package dev.rookery.store;

import dev.rookery.base.Event;
import org.jspecify.annotations.Nullable;

/** What a unit of work may do. Valid only inside {@link Database#write}. */
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
  void append(String stream, Event event);
}

package dev.rookery.store;

import dev.rookery.base.Event;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The operations of a unit of work. Valid only inside {@link Database#write}. When a statement
 * fails the transaction is lost, even if the exception is caught.
 */
public interface Transaction extends Reader {
  /** Runs one statement and returns the rows that it reads, or that follow {@code RETURNING}. */
  Rows run(String sql, @Nullable Object... values);

  @Override
  default Rows read(String sql, @Nullable Object... values) {
    return run(sql, values);
  }

  /**
   * Appends an event to a stream ({@code lobby:12}) of the outbox, at the stream's next offset. The
   * first event creates the stream.
   */
  AppendResult append(String stream, Event event);

  /**
   * Whether events of a type are kept for durable consumers. Events that nobody else reads are
   * appended only then.
   */
  boolean isConsumed(Class<? extends Event> type);

  /** The time of this unit of work by the node's clock; the same for all of its statements. */
  Instant now();
}

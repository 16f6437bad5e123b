package dev.rookery.fanout;

import dev.rookery.base.Position;
import dev.rookery.base.Posted;
import io.vertx.core.Future;
import java.util.List;

/** Where missed events are read: the outbox. */
@FunctionalInterface
public interface History {
  /**
   * Up to {@code max} events of a stream after a position, in order. Empty if there are none, or if
   * the window of the outbox has passed them by.
   */
  Future<List<Posted>> after(String stream, Position position, int max);
}

package dev.rookery.store;

import dev.rookery.base.Position;
import org.jspecify.annotations.Nullable;

/**
 * The result of {@link Transaction#append}: the event's position, known once {@link Database#write}
 * has returned.
 */
public final class AppendResult {
  private volatile @Nullable Position position;

  AppendResult() {}

  void set(Position committed) {
    position = committed;
  }

  /**
   * The position of the event in its stream.
   *
   * @throws IllegalStateException if the transaction is not committed
   */
  public Position position() {
    Position current = position;
    if (current == null) {
      throw new IllegalStateException("the event is not committed");
    }
    return current;
  }
}

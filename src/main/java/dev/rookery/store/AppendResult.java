package dev.rookery.store;

import dev.rookery.base.Position;
import org.jspecify.annotations.Nullable;

/**
 * Where an event will stand in its stream that a unit of work has appended. Known when {@link
 * Database#write} has answered, and never of a unit that failed.
 */
public final class AppendResult {
  private volatile @Nullable Position position;

  AppendResult() {}

  void take(Position now) {
    position = now;
  }

  public Position position() {
    Position known = position;
    if (known == null) {
      throw new IllegalStateException("the event is not committed");
    }
    return known;
  }
}

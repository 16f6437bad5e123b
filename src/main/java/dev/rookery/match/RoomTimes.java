package dev.rookery.match;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The times in the row of a room as its owner knows them. They are indexed, so an action writes
 * them only when they change, and that the room is used at most once a minute: a room with sockets
 * is in use anyway. What was planned counts as stored: after a failed write the room is read again.
 * Not thread-safe.
 */
final class RoomTimes {
  private static final long TOUCH_EVERY_MS = 60_000;

  private @Nullable Long wake;
  private long touched;

  /**
   * What an action changes.
   *
   * @param wake when the room needs its owner again; null for never
   * @param finished whether the match has a result now
   * @param touched whether it counts as a use of the room
   */
  record Change(@Nullable Long wake, boolean finished, boolean touched) {}

  /**
   * @param wake as it is stored
   */
  RoomTimes(@Nullable Long wake) {
    this.wake = wake;
  }

  /** The room was stored with another time at which it needs its owner. */
  void stored(@Nullable Long newWake) {
    wake = newWake;
  }

  /**
   * What an action changes that is about to be stored; null for nothing.
   *
   * @param newWake when the room needs its owner after it; null for never
   * @param byUser whether a user sent it
   */
  @Nullable Change change(@Nullable Long newWake, boolean finished, boolean byUser, long now) {
    boolean touch = byUser && now - touched >= TOUCH_EVERY_MS;
    if (!touch && !finished && Objects.equals(newWake, wake)) {
      return null;
    }
    wake = newWake;
    touched = touch ? now : touched;
    return new Change(newWake, finished, touch);
  }
}

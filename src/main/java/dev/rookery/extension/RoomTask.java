package dev.rookery.extension;

/** Runs a room on the node that owns it. */
@FunctionalInterface
public interface RoomTask {
  /**
   * Runs the room; returning closes it. Runs on a virtual thread of its own, so it waits between
   * ticks and must not compute for long. Begins by loading what the owner before has stored, if
   * anything. It is interrupted, and {@link RoomLease#isValid} is false, when another node or
   * another version goes on with the room; then it returns soon, and the room stays open.
   *
   * @throws Exception is logged, and a node runs the room again after some seconds
   */
  void run(RoomLease lease) throws Exception;
}

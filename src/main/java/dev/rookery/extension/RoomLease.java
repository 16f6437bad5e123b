package dev.rookery.extension;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;

/** The ownership of a room by this node. For the thread of the task alone, unless stated. */
public interface RoomLease {
  /** The name of the room. */
  String room();

  /**
   * Grows with each node that becomes the owner. Store it with the state, and store only over rows
   * that have no higher one: then a node that was cut off and does not know it yet changes nothing.
   */
  long epoch();

  /**
   * Sends a stored event, as {@link Channels#broadcast} does, unless another node owns the room
   * meanwhile. Any thread may call it. On the thread of the task {@link Channels#broadcast} is the
   * same, and {@link Channels#broadcastTransient} refuses what a node sends that knows that it lost
   * the room.
   *
   * @throws RoomLostException if this node does not own the room any more; nothing was sent
   */
  void broadcast(String topic, String event, Object payload);

  /** Whether this node still owns the room. Any thread may call it. */
  boolean isValid();

  /**
   * The messages that arrived since the last call, in order. At most 1,000 are kept; newer ones are
   * dropped until they are taken.
   */
  List<JsonObject> takeMessages();

  /**
   * Waits for the next tick. Ticks have a fixed distance; those that were missed are left out.
   *
   * @param period the distance, the same in all calls
   * @return false if this node does not own the room any more
   */
  boolean awaitTick(Duration period) throws InterruptedException;
}

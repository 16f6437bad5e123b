package dev.rookery.auth;

import dev.rookery.bus.Bus;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.function.Consumer;

/** Broadcasts the ids of guests whom an admin has ended to all nodes. */
public final class GuestEndBroadcast {
  private static final String ADDRESS = "guest/ended";

  private GuestEndBroadcast() {}

  /** Sends the id to every node, including this one. Delivery is at most once. */
  static void publish(Bus bus, String guest) {
    bus.broadcast(ADDRESS, Buffer.buffer(guest));
  }

  /** Calls the handler with the id of each guest whom an admin ends at any node. */
  public static Future<Void> listen(Bus bus, Consumer<String> handler) {
    return bus.listen(ADDRESS, guest -> handler.accept(guest.toString()));
  }
}

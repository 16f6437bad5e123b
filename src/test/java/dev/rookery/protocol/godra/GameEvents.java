package dev.rookery.protocol.godra;

import dev.rookery.testkit.RawSocket;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Deque;

/** Reads the events of a game's socket, alone or in batches. */
final class GameEvents {
  private final RawSocket socket;
  private final Deque<JsonObject> events = new ArrayDeque<>();
  private int batches;

  GameEvents(RawSocket socket) {
    this.socket = socket;
  }

  JsonObject next() {
    while (events.isEmpty()) {
      var frame = new JsonObject(socket.receiveText());
      if ("batch".equals(frame.getString("type"))) {
        batches++;
        JsonArray all = frame.getJsonArray("events");
        for (int i = 0; i < all.size(); i++) {
          events.add(all.getJsonObject(i));
        }
      } else {
        events.add(frame);
      }
    }
    return events.poll();
  }

  /** The payload of the next event, which must have this type. */
  JsonObject next(String type) {
    JsonObject event = next();
    if (!type.equals(event.getString("type"))) {
      throw new AssertionError("expected " + type + ", received " + event);
    }
    return event.getJsonObject("payload");
  }

  int batches() {
    return batches;
  }
}

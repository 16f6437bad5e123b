package dev.rookery.loadtest;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** A topic of the baseline server with its subscribed sockets. */
final class BaselineTopic {
  private static final int LENGTH_16 = 126;

  private final String name;
  private final List<BaselineSocket> subscribers = new ArrayList<>();
  private long offset;

  BaselineTopic(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  long offset() {
    return offset;
  }

  void join(BaselineSocket socket) {
    socket.topic(this);
    subscribers.add(socket);
  }

  /** Removes a socket; true if none is left. */
  boolean leave(BaselineSocket socket) {
    subscribers.remove(socket);
    return subscribers.isEmpty();
  }

  /** Encodes an event once and sends it to all sockets. */
  void push(String event, JsonObject payload) {
    payload.put("_position", JsonObject.of("epoch", "1700000000000", "offset", ++offset));
    byte[] frame =
        frame(
            new JsonArray()
                .add("1")
                .addNull()
                .add(name)
                .add(event)
                .add(payload)
                .toBuffer()
                .getBytes());
    for (BaselineSocket subscriber : subscribers) {
      subscriber.send(frame);
    }
  }

  /** Encodes a text frame with its header. */
  static byte[] frame(byte[] text) {
    int header = text.length < LENGTH_16 ? 2 : 4;
    var frame = new byte[header + text.length];
    frame[0] = (byte) 0x81;
    if (header == 2) {
      frame[1] = (byte) text.length;
    } else {
      frame[1] = LENGTH_16;
      frame[2] = (byte) (text.length >>> 8);
      frame[3] = (byte) text.length;
    }
    System.arraycopy(text, 0, frame, header, text.length);
    return frame;
  }
}

package dev.rookery.protocol.page;

import dev.rookery.protocol.phoenix.ChannelConnection;
import dev.rookery.protocol.phoenix.Push;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * Tells a page that what it shows has changed. A reader who is slow gets one message for many
 * changes. Confined to the event loop of the socket.
 */
final class ChangeNotice {
  private final Push changed;
  private @Nullable ChannelConnection connection;
  private boolean pending;

  ChangeNotice(String topic) {
    this.changed = new Push(topic, "changed", new JsonObject());
  }

  /** Begins to send, first what was to be sent before. */
  void begin(ChannelConnection to) {
    connection = to;
    if (pending) {
      send();
    }
  }

  void send() {
    ChannelConnection to = connection;
    if (to == null) {
      pending = true;
    } else if (to.isWritable()) {
      pending = false;
      to.push(changed);
    } else if (!pending) {
      pending = true;
      to.whenWritable(this::send);
    }
  }

  void end() {
    connection = null;
  }
}

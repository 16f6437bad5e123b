package dev.rookery.fanout;

import dev.rookery.base.Position;
import dev.rookery.base.Posted;
import dev.rookery.bus.EventTypes;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A posted event as text between nodes: header lines first, so that a node without followers drops
 * it without reading the JSON. No header can contain a line break.
 */
record Envelope(
    String sender,
    String stream,
    long epoch,
    long offset,
    String type,
    List<String> feeds,
    String json) {
  private static final int HEADERS = 6;

  static Buffer write(String sender, EventTypes types, Posted posted) {
    return Buffer.buffer(
        String.join(
            "\n",
            sender,
            posted.stream(),
            Long.toString(posted.position().epoch()),
            Long.toString(posted.position().offset()),
            types.name(posted.event()),
            String.join(",", posted.event().feeds()),
            types.write(posted.event())));
  }

  static Envelope read(Buffer text) {
    String[] parts = text.toString(StandardCharsets.UTF_8).split("\n", HEADERS + 1);
    if (parts.length != HEADERS + 1) {
      throw new IllegalArgumentException("an envelope of " + parts.length + " lines");
    }
    return new Envelope(
        parts[0],
        parts[1],
        Long.parseLong(parts[2]),
        Long.parseLong(parts[3]),
        parts[4],
        parts[5].isEmpty() ? List.of() : List.of(parts[5].split(",", -1)),
        parts[6]);
  }

  Posted posted(EventTypes types) {
    return new Posted(stream, new Position(epoch, offset), types.read(type, json));
  }
}

package dev.rookery.fanout;

import dev.rookery.base.CommittedEvent;
import dev.rookery.base.Position;
import dev.rookery.bus.EventTypes;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A committed event as sent between nodes: {@value #HEADERS} header lines, then the event as JSON.
 * A node without subscribers reads the headers only. No header value can contain a line break.
 */
record Envelope(
    String sender,
    String stream,
    long epoch,
    long offset,
    String type,
    List<String> feeds,
    Buffer json) {
  private static final int HEADERS = 6;

  static Buffer encode(String sender, EventTypes types, CommittedEvent posted) {
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

  /**
   * Decodes the headers, and leaves the JSON unparsed; throws {@link IllegalArgumentException} if a
   * header is missing.
   */
  static Envelope decode(Buffer text) {
    int end = 0;
    for (int lines = 0; lines < HEADERS; end++) {
      if (end == text.length()) {
        throw new IllegalArgumentException("the envelope has " + lines + " complete header lines");
      }
      if (text.getByte(end) == '\n') {
        lines++;
      }
    }
    String[] header = text.getString(0, end - 1).split("\n", HEADERS);
    return new Envelope(
        header[0],
        header[1],
        Long.parseLong(header[2]),
        Long.parseLong(header[3]),
        header[4],
        header[5].isEmpty() ? List.of() : List.of(header[5].split(",", -1)),
        text.slice(end, text.length()));
  }

  Position position() {
    return new Position(epoch, offset);
  }

  CommittedEvent toEvent(EventTypes types) {
    return new CommittedEvent(
        stream, position(), types.read(type, json.toString(StandardCharsets.UTF_8)));
  }
}

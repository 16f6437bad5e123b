package dev.rookery.protocol.console;

import dev.rookery.console.StreamEvent;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** Events of streams as rows of the stream inspector, on the page and in its live messages. */
final class StreamRows {
  /** Below what a live message may have, with room for the rest of it. */
  private static final int MESSAGE_BYTES = 60_000;

  private static final int ROW_BYTES = 80;

  /**
   * An event as the page shows it.
   *
   * @param key its place in the topic
   * @param order by which rows are sorted: its offset, or its number in a feed
   * @param label the offset, of a feed with the stream
   * @param href where the event is shown with its frames; empty if it is not stored
   * @param at the time with its date, and of the day, in UTC
   * @param note what is unusual, or what is missing to see the payload
   */
  record Row(
      String key,
      long order,
      String label,
      String href,
      String at,
      String time,
      String type,
      String actor,
      String size,
      String payload,
      String note) {}

  private StreamRows() {}

  static Row row(StreamEvent event) {
    boolean feed = event.sequence() > 0;
    boolean stored = !event.stream().isEmpty();
    String offset = Long.toString(event.position().offset());
    return new Row(
        feed ? Long.toString(event.sequence()) : event.position().epoch() + "-" + offset,
        feed ? event.sequence() : event.position().offset(),
        !feed ? offset : stored ? event.stream() + " " + offset : "not stored",
        stored
            ? ListLinks.of(
                StreamPages.PATH,
                "topic",
                event.stream(),
                "tab",
                StreamPages.SENT,
                "epoch",
                Long.toString(event.position().epoch()),
                "offset",
                offset)
            : "",
        Figures.date(event.atMs()),
        Figures.clock(event.atMs()),
        event.type(),
        event.actor(),
        Figures.bytes(event.bytes()),
        event.payload() + (event.folded() && !event.payload().isEmpty() ? "…" : ""),
        note(event));
  }

  private static String note(StreamEvent event) {
    return event.hidden().isEmpty()
        ? event.flag()
        : event.flag() + (event.flag().isEmpty() ? "" : ", ") + "needs " + event.hidden();
  }

  /**
   * The events as lines of a live message. The more there are, the less of each payload is sent.
   *
   * @param leftOut how many more there were
   */
  static JsonArray lines(List<StreamEvent> events, long leftOut) {
    var lines = new JsonArray();
    if (leftOut > 0) {
      lines.add(
          JsonObject.of(
              "said",
              "%,d events came at once; %,d of them are shown."
                  .formatted(leftOut + events.size(), events.size())));
    }
    int share = events.isEmpty() ? 0 : MESSAGE_BYTES / events.size() - ROW_BYTES;
    for (StreamEvent event : events) {
      Row row = row(event);
      var line =
          JsonObject.of(
              "key", row.key(),
              "order", row.order(),
              "label", row.label(),
              "at", row.at(),
              "time", row.time(),
              "type", row.type(),
              "actor", row.actor(),
              "size", row.size(),
              "payload", fit(row.payload(), share));
      if (!row.href().isEmpty() && share > 2 * ROW_BYTES) {
        line.put("href", row.href());
      }
      if (!row.note().isEmpty()) {
        line.put("note", row.note());
      }
      lines.add(line);
    }
    return lines;
  }

  /** The beginning of a text that has at most so many bytes as JSON. */
  private static String fit(String text, int bytes) {
    int used = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      used += c == '"' || c == '\\' ? 2 : c < ' ' ? 6 : c < 128 ? 1 : 3;
      if (used > bytes) {
        int end = i > 0 && Character.isHighSurrogate(text.charAt(i - 1)) ? i - 1 : i;
        return text.substring(0, end) + "…";
      }
    }
    return text;
  }
}

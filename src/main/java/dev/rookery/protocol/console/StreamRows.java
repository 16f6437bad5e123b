package dev.rookery.protocol.console;

import dev.rookery.console.StreamEvent;
import io.vertx.core.json.JsonArray;
import java.util.List;
import java.util.stream.IntStream;

/** Events of streams as rows of the stream inspector, on the page and in its live messages. */
final class StreamRows {
  /** Below what a live message may have, with room for the rest of it. */
  private static final int MESSAGE_BYTES = 60_000;

  /** What rows may need without their payloads. */
  private static final int ROWS_BYTES = 52_000;

  private static final int PAYLOAD = 6;

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
   * The events as lines of a live message: arrays of the epoch, the offset or the number in a feed,
   * the time, type, actor, size and payload, a note, and for a feed the stream and the offset in
   * it. The more there are, the less of each payload is sent; of too many, some are left out.
   *
   * @param leftOut how many more there were
   */
  static JsonArray lines(List<StreamEvent> events, long leftOut) {
    List<StreamEvent> shown = events;
    List<JsonArray> rows = compact(shown);
    while (size(rows) > ROWS_BYTES && rows.size() > 1) {
      shown = everySecond(shown);
      rows = compact(shown);
    }
    var lines = new JsonArray();
    long all = leftOut + events.size();
    if (shown.size() < all && !shown.isEmpty()) {
      lines.add("%,d events came at once; %,d of them are shown.".formatted(all, shown.size()));
    }
    int share = shown.isEmpty() ? 0 : (MESSAGE_BYTES - size(rows)) / shown.size();
    for (int i = 0; i < rows.size(); i++) {
      rows.get(i).set(PAYLOAD, fit(row(shown.get(i)).payload(), share));
      lines.add(rows.get(i));
    }
    return lines;
  }

  private static List<JsonArray> compact(List<StreamEvent> events) {
    return events.stream().map(StreamRows::compact).toList();
  }

  private static JsonArray compact(StreamEvent event) {
    Row row = row(event);
    var line =
        new JsonArray()
            .add(Long.toString(event.position().epoch()))
            .add(row.order())
            .add(event.atMs())
            .add(row.type())
            .add(row.actor())
            .add(row.size())
            .add("")
            .add(row.note());
    return event.sequence() > 0 ? line.add(event.stream()).add(event.position().offset()) : line;
  }

  private static int size(List<JsonArray> rows) {
    return rows.stream().mapToInt(row -> row.toBuffer().length() + 1).sum();
  }

  private static List<StreamEvent> everySecond(List<StreamEvent> events) {
    return IntStream.range(0, (events.size() + 1) / 2).mapToObj(i -> events.get(2 * i)).toList();
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

package dev.rookery.store;

import dev.rookery.base.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads stored streams as they are, for operators who inspect them. Every read is of one stream and
 * bounded, and uses the index by which clients read what they missed.
 */
public final class StreamReader {
  /** Beyond this many events of a stream, the newest ones are counted. */
  public static final int COUNTED_MAX = 5_000;

  /** Characters of an event that is read alone. */
  public static final int EVENT_CHARS_MAX = 1 << 18;

  // Of an event that is longer, a page has the beginning.
  private static final int WHOLE_CHARS_MAX = 8 << 10;
  private static final int BEGINNING_CHARS = 2 << 10;

  private static final String COLUMNS =
      "seq_offset, type, at_ms, OCTET_LENGTH(payload) AS bytes, "
          + "CASE WHEN LENGTH(payload) <= %1$d THEN payload ELSE SUBSTR(payload, 1, %2$d) END"
          + " AS payload, CASE WHEN LENGTH(payload) <= %1$d THEN 0 ELSE 1 END AS cut";

  private static final String PAGE =
      """
      SELECT %s FROM outbox
      WHERE stream = $1 AND epoch = $2 AND seq_offset >= $3 AND seq_offset <= $4
        AND ($5 = '' OR type = $5) AND (seq_offset - $3) %% $6 = 0
      ORDER BY seq_offset%s LIMIT $7
      """;

  private static final String FORWARD =
      PAGE.formatted(COLUMNS.formatted(WHOLE_CHARS_MAX, BEGINNING_CHARS), "");
  private static final String BACKWARD =
      PAGE.formatted(COLUMNS.formatted(WHOLE_CHARS_MAX, BEGINNING_CHARS), " DESC");

  private static final String EVENT =
      "SELECT "
          + COLUMNS.formatted(EVENT_CHARS_MAX, EVENT_CHARS_MAX)
          + " FROM outbox WHERE stream = $1 AND epoch = $2 AND seq_offset = $3";

  private static final String KEPT =
      """
      SELECT type, COUNT(*) AS events, MIN(seq_offset) AS oldest,
        SUM(CASE WHEN at_ms > $3 THEN 1 ELSE 0 END) AS recent
      FROM (
        SELECT type, seq_offset, at_ms FROM outbox WHERE stream = $1 AND epoch = $2
        ORDER BY seq_offset DESC LIMIT $4) AS newest
      GROUP BY type ORDER BY type
      """;

  private static final String OLDEST =
      """
      SELECT seq_offset FROM outbox WHERE stream = $1 AND epoch = $2
      ORDER BY seq_offset LIMIT 1
      """;

  private final Reader reader;

  public StreamReader(Reader reader) {
    this.reader = reader;
  }

  /**
   * An event as it is stored.
   *
   * @param bytes of the whole payload
   * @param payload JSON, or the beginning of it if it is {@code cut}
   */
  public record StoredEvent(
      Position position, String type, long atMs, long bytes, String payload, boolean cut) {}

  /**
   * What is kept of an epoch of a stream.
   *
   * @param oldest the offset of the oldest event; 0 if there is none
   * @param events at most {@link #COUNTED_MAX}, the newest
   * @param recent how many of these are newer than the time that was asked for
   * @param types of these, in the order of their names
   */
  public record Kept(long oldest, long events, long recent, List<String> types) {}

  /** The position of the newest event of a stream; {@link Position#START} if it has none. */
  public Position head(String stream) {
    return Outbox.head(reader, stream);
  }

  public Kept kept(String stream, long epoch, long sinceMs) {
    Rows rows = reader.read(KEPT, stream, epoch, sinceMs, (long) COUNTED_MAX);
    long events = 0;
    long recent = 0;
    long oldest = 0;
    var types = new ArrayList<String>();
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.row(i);
      types.add(row.text("type"));
      events += row.number("events");
      recent += row.number("recent");
      long first = row.number("oldest");
      oldest = oldest == 0 ? first : Math.min(oldest, first);
    }
    if (events >= COUNTED_MAX) {
      oldest = reader.read(OLDEST, stream, epoch).first(row -> row.number("seq_offset")).orElse(0L);
    }
    return new Kept(oldest, events, recent, types);
  }

  /**
   * The events of a stream from an offset up to another one, in order.
   *
   * @param type of the events; empty for all
   * @param step reads every event, every second one, and so on, from the first offset
   */
  public List<StoredEvent> read(
      String stream, long epoch, long from, long upTo, String type, long step, int max) {
    return reader
        .read(FORWARD, stream, epoch, from, upTo, type, step, (long) max)
        .all(row -> event(epoch, row));
  }

  /** The newest events of a stream up to an offset, in order. */
  public List<StoredEvent> readNewest(String stream, long epoch, long upTo, String type, int max) {
    return reader
        .read(BACKWARD, stream, epoch, 0L, upTo, type, 1L, (long) max)
        .all(row -> event(epoch, row))
        .reversed();
  }

  /** An event, at most {@link #EVENT_CHARS_MAX} characters of it. */
  public Optional<StoredEvent> find(String stream, Position position) {
    return reader
        .read(EVENT, stream, position.epoch(), position.offset())
        .first(row -> event(position.epoch(), row));
  }

  private static StoredEvent event(long epoch, Row row) {
    return new StoredEvent(
        new Position(epoch, row.number("seq_offset")),
        row.text("type"),
        row.number("at_ms"),
        row.number("bytes"),
        row.text("payload"),
        row.flag("cut"));
  }
}

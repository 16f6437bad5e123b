package dev.rookery.store;

import dev.rookery.base.CatchUp;
import dev.rookery.base.CommittedEvent;
import dev.rookery.base.Position;
import dev.rookery.bus.EventTypes;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The stored events of all streams, kept for a limited time, so that subscribers can read what they
 * missed.
 *
 * <p>Each stream has a head row. A transaction that appends increments it and holds its lock until
 * the commit, so offsets follow the order of the commits without a gap, on both databases.
 */
public final class Outbox {
  /** Maximum number of characters of JSON that one read returns. */
  static final long READ_CHARS_MAX = 1 << 20;

  // Always returns the first event, and further ones as long as those before them fit.
  private static final String AFTER =
      """
      SELECT epoch, seq_offset, type, payload FROM (
        SELECT epoch, seq_offset, type, payload,
          SUM(LENGTH(payload)) OVER (ORDER BY seq_offset ROWS UNBOUNDED PRECEDING)
            - LENGTH(payload) AS before_it
        FROM outbox
        WHERE stream = $1 AND epoch = $2 AND seq_offset > $3
        ORDER BY seq_offset LIMIT $4) AS page
      WHERE before_it < $5
      ORDER BY seq_offset
      """;

  private static final String EVENTS_OF_RUN =
      """
      SELECT id, stream, epoch, seq_offset, type, payload FROM outbox
      WHERE id > $1 AND node = $2 AND node_seq > $3
      ORDER BY id LIMIT $4
      """;

  private static final String EVENTS_OF_TRANSACTION =
      """
      SELECT stream, epoch, seq_offset, type, payload FROM outbox
      WHERE node = $1 AND node_seq = $2
      ORDER BY id
      """;

  private static final String HEAD = "SELECT epoch, head FROM stream WHERE name = $1";
  private static final String HEADS = "SELECT name, epoch, head FROM stream WHERE name IN (%s)";

  private final Reader reader;
  private final EventTypes types;
  private final InstantSource clock;
  private final Duration streamRetention;

  /**
   * @param streamRetention minimum time after its last event before a stream's head is deleted
   */
  Outbox(Reader reader, EventTypes types, InstantSource clock, Duration streamRetention) {
    this.reader = reader;
    this.types = types;
    this.clock = clock;
    this.streamRetention = streamRetention;
  }

  /** The position of a stream that a read has just shown to have no events. */
  public Position beginning() {
    return Position.beginning(clock.millis());
  }

  /**
   * Whether a stream that had no events at {@code beginning} cannot have had an epoch since then
   * that is already deleted: then all of its events belong to the current epoch. Half of the
   * retention time allows for differing clocks of nodes.
   */
  public boolean hasOneEpochSince(Position beginning) {
    return clock.millis() + beginning.epoch() < streamRetention.toMillis() / 2;
  }

  /**
   * Reads the events after a position: up to {@code max} events, and not many more than {@link
   * #READ_CHARS_MAX} characters. Never returns a part of them as if it were all.
   */
  public CatchUp<CommittedEvent> readAfter(String stream, Position position, int max) {
    Position head = head(reader, stream);
    Position from = position.equals(Position.START) ? new Position(head.epoch(), 0) : position;
    if (from.equals(head)) {
      return new CatchUp.UpToDate<>();
    }
    if (!head.isAfter(from) || head.epoch() != from.epoch()) {
      return new CatchUp.Unrecoverable<>();
    }
    List<CommittedEvent> found =
        reader
            .read(AFTER, stream, from.epoch(), from.offset(), max, READ_CHARS_MAX)
            .all(row -> toEvent(stream, row));
    // Old events are not deleted in the order of their offsets, because the clocks of nodes differ.
    boolean complete =
        !found.isEmpty() && found.getLast().position().offset() == from.offset() + found.size();
    return complete
        ? new CatchUp.Events<>(found, head.isAfter(found.getLast().position()))
        : new CatchUp.Unrecoverable<>();
  }

  /**
   * Returns the position of a stream's newest event, or {@link Position#START} if there is none.
   */
  public static Position head(Reader reader, String stream) {
    return reader.read(HEAD, stream).first(Outbox::headPosition).orElse(Position.START);
  }

  /** Returns the newest positions of streams; those without events are left out. */
  public Map<String, Position> heads(List<String> streams) {
    var heads = new HashMap<String, Position>();
    for (int from = 0; from < streams.size(); from += Placeholders.MANY_MAX) {
      int upTo = Math.min(streams.size(), from + Placeholders.MANY_MAX);
      var page = new ArrayList<>(streams.subList(from, upTo));
      int room = Placeholders.room(page.size());
      page.addAll(Collections.nCopies(room - page.size(), page.getLast()));
      reader
          .read(HEADS.formatted(Placeholders.list(1, room)), page.toArray())
          .all(row -> heads.put(row.text("name"), headPosition(row)));
    }
    return heads;
  }

  private static Position headPosition(Row row) {
    return new Position(row.number("epoch"), row.number("head"));
  }

  /**
   * Returns two columns for the SELECT list of a snapshot, so that one statement reads an object
   * and the position in its stream up to which the object is current: {@code SELECT id, title, } +
   * {@code headColumns("'lobby:' || lobby.id")} + {@code FROM lobby …}. {@link #position} reads
   * them.
   *
   * @param name a SQL expression for the stream's name; never a client's text
   */
  public static String headColumns(String name) {
    return "(SELECT epoch FROM stream WHERE stream.name = "
        + name
        + ") AS stream_epoch,"
        + " (SELECT head FROM stream WHERE stream.name = "
        + name
        + ") AS stream_head";
  }

  /** Reads the columns selected by {@link #headColumns}. */
  public static Position position(Row row) {
    Long epoch = row.numberOrNull("stream_epoch");
    return epoch == null ? Position.START : new Position(epoch, row.number("stream_head"));
  }

  /**
   * Reads the events that a run committed with a transaction number above {@code above}, by pages
   * of ascending ids.
   */
  Page eventsOfRun(long run, long above, long afterId, int max) {
    Rows rows = reader.read(EVENTS_OF_RUN, afterId, run, above, max);
    return new Page(
        rows.all(row -> toEvent(row.text("stream"), row)),
        rows.isEmpty() ? afterId : rows.row(rows.size() - 1).number("id"));
  }

  /** Reads the events of one transaction of a run. */
  List<CommittedEvent> eventsOfTransaction(long run, long number) {
    return reader
        .read(EVENTS_OF_TRANSACTION, run, number)
        .all(row -> toEvent(row.text("stream"), row));
  }

  record Page(List<CommittedEvent> events, long lastId) {}

  private CommittedEvent toEvent(String stream, Row row) {
    return new CommittedEvent(
        stream,
        new Position(row.number("epoch"), row.number("seq_offset")),
        types.read(row.text("type"), row.text("payload")));
  }
}

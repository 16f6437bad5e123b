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
 * Committed events, kept for a while, so that whoever missed some can read them.
 *
 * <p>Each stream has a head row. A transaction that appends raises it, and holds it until its
 * commit: offsets follow the order of the commits without a gap, on both databases.
 */
public final class Outbox {
  /** So much JSON of events is read at once, in characters. */
  static final long READ_CHARS_MAX = 1 << 20;

  static final String NEXT =
      """
      INSERT INTO stream (name, epoch, head, at_ms) VALUES ($1, $2, 1, $2)
      ON CONFLICT (name) DO UPDATE SET head = stream.head + 1, at_ms = excluded.at_ms
      RETURNING epoch, head
      """;

  static final String INSERT =
      """
      INSERT INTO outbox (stream, epoch, seq_offset, node, node_seq, type, payload, at_ms)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
      """;

  // The first event always comes; the others as long as those before them leave room.
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

  private static final String COMMITTED_BY =
      """
      SELECT id, stream, epoch, seq_offset, type, payload FROM outbox
      WHERE id > $1 AND node = $2 AND node_seq > $3
      ORDER BY id LIMIT $4
      """;

  private static final String COMMITTED_AS =
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
  private final Duration streamsFor;

  /**
   * @param streamsFor how long a stream is silent, at least, before its head is forgotten
   */
  Outbox(Reader reader, EventTypes types, InstantSource clock, Duration streamsFor) {
    this.reader = reader;
    this.types = types;
    this.clock = clock;
    this.streamsFor = streamsFor;
  }

  /** A place to come back to in a stream of which a reading has just shown no event. */
  public Position beginning() {
    return Position.beginning(clock.millis());
  }

  /**
   * Whether a stream that had no events at that {@link #beginning} cannot have had an epoch since
   * that is forgotten again: then whatever has happened on it is of the present one. Half of the
   * time is left to clocks of nodes that differ.
   */
  public boolean hasOneEpochSince(Position beginning) {
    return clock.millis() + beginning.epoch() < streamsFor.toMillis() / 2;
  }

  /**
   * What came after a position of a stream: up to {@code max} events, and no more than about {@link
   * #READ_CHARS_MAX} of their text. Never a part that would look like all of it.
   */
  public CatchUp<CommittedEvent> after(String stream, Position position, int max) {
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
            .all(row -> posted(stream, row));
    // Old events are not dropped in the order of their offsets: clocks of nodes differ.
    boolean whole =
        !found.isEmpty() && found.getLast().position().offset() == from.offset() + found.size();
    return whole
        ? new CatchUp.Events<>(found, head.isAfter(found.getLast().position()))
        : new CatchUp.Unrecoverable<>();
  }

  /** The position of a stream's newest event, {@link Position#START} before there is one. */
  public static Position head(Reader reader, String stream) {
    return reader.read(HEAD, stream).first(Outbox::place).orElse(Position.START);
  }

  /** How far streams have come; those without an event are left out. */
  public Map<String, Position> heads(List<String> streams) {
    var heads = new HashMap<String, Position>();
    for (int from = 0; from < streams.size(); from += Placeholders.MANY_MAX) {
      int upto = Math.min(streams.size(), from + Placeholders.MANY_MAX);
      var some = new ArrayList<>(streams.subList(from, upto));
      int room = Placeholders.room(some.size());
      some.addAll(Collections.nCopies(room - some.size(), some.getLast()));
      reader
          .read(HEADS.formatted(Placeholders.list(1, room)), some.toArray())
          .all(row -> heads.put(row.text("name"), place(row)));
    }
    return heads;
  }

  private static Position place(Row row) {
    return new Position(row.number("epoch"), row.number("head"));
  }

  /**
   * Two columns for the SELECT list of a snapshot, so that one statement reads a thing and the
   * place in its stream up to which the thing is current: {@code SELECT id, title, } + {@code
   * headColumns("'lobby:' || lobby.id")} + {@code FROM lobby …}. {@link #position} reads them.
   *
   * @param name an SQL expression that gives the stream's name; never a client's text
   */
  public static String headColumns(String name) {
    return "(SELECT epoch FROM stream WHERE stream.name = "
        + name
        + ") AS stream_epoch,"
        + " (SELECT head FROM stream WHERE stream.name = "
        + name
        + ") AS stream_head";
  }

  /** What {@link #headColumns} selected. */
  public static Position position(Row row) {
    Long epoch = row.numberOrNull("stream_epoch");
    return epoch == null ? Position.START : new Position(epoch, row.number("stream_head"));
  }

  /** What a node committed with a number above {@code above}, by pages of ascending ids. */
  Page committedBy(long node, long above, long afterId, int max) {
    Rows rows = reader.read(COMMITTED_BY, afterId, node, above, max);
    return new Page(
        rows.all(row -> posted(row.text("stream"), row)),
        rows.isEmpty() ? afterId : rows.row(rows.size() - 1).number("id"));
  }

  /** The events of one transaction of a node. */
  List<CommittedEvent> committedAs(long node, long number) {
    return reader.read(COMMITTED_AS, node, number).all(row -> posted(row.text("stream"), row));
  }

  record Page(List<CommittedEvent> events, long lastId) {}

  private CommittedEvent posted(String stream, Row row) {
    return new CommittedEvent(
        stream,
        new Position(row.number("epoch"), row.number("seq_offset")),
        types.read(row.text("type"), row.text("payload")));
  }
}

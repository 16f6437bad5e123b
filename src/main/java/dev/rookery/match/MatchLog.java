package dev.rookery.match;

import dev.rookery.base.Sha256;
import dev.rookery.game.Game;
import dev.rookery.game.GameAction;
import dev.rookery.game.GameSession;
import dev.rookery.game.MatchSetup;
import dev.rookery.match.MatchCommand.ActResult;
import dev.rookery.match.MatchStore.RecordRow;
import dev.rookery.match.MatchStore.SnapshotRow;
import dev.rookery.store.Reader;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A running match in memory: its session, the records of its actions, and the answers to its latest
 * requests. Not thread-safe.
 *
 * <p>It is restored from the newest snapshot by repeating the actions since then, and refuses to go
 * on if the snapshot is not what was stored.
 */
final class MatchLog {
  /** A restore repeats at most so many actions. */
  static final int SNAPSHOT_EVERY = 32;

  /** Maximum number of actions in a match. */
  static final int ACTIONS_MAX = 10_000;

  /**
   * How long all records of a match may be before no action is accepted any more, in UTF-16 units:
   * every snapshot and every step that a client receives has all of them.
   */
  static final int RECORDS_MAX = 4 << 20;

  private static final int REQUESTS_MAX = 256;

  private final GameSession session;
  private final List<String> records;
  private final Map<String, ActResult> answered;
  private long revision;
  private long length;

  private MatchLog(
      GameSession session, List<String> records, Map<String, ActResult> answered, long revision) {
    this.session = session;
    this.records = records;
    this.answered = answered;
    this.revision = revision;
    this.length = records.stream().mapToLong(String::length).sum();
  }

  static MatchLog started(Game game, MatchSetup setup) {
    return new MatchLog(game.start(setup), new ArrayList<>(), answers(), 0);
  }

  static MatchLog restored(
      Game game, MatchSetup setup, MatchStore store, Reader reader, String room) {
    List<RecordRow> all = store.records(reader, room, 0, ACTIONS_MAX);
    Optional<SnapshotRow> newest = store.newestSnapshot(reader, room);
    newest.ifPresent(MatchLog::verify);
    GameSession session =
        newest.map(saved -> game.restore(setup, saved.state())).orElseGet(() -> game.start(setup));
    long after = newest.map(SnapshotRow::number).orElse(0L);
    Map<String, ActResult> answered = answers();
    var records = new ArrayList<String>(all.size());
    for (RecordRow row : all) {
      if (row.number() > after) {
        repeat(session, row);
      }
      records.add(row.record());
      answered.put(row.request(), new ActResult(row.revision(), null, null, null));
    }
    long revision = all.isEmpty() ? 0 : all.getLast().revision();
    return new MatchLog(session, records, answered, revision);
  }

  private static void verify(SnapshotRow saved) {
    if (!digest(saved.state()).equals(saved.digest())) {
      throw new DamagedLogException("a snapshot of a match is damaged");
    }
  }

  /** Carries out an action of the log again; its steps, the first of which is the record. */
  static List<GameSession.Step> repeat(GameSession session, RecordRow row) {
    if (outcome(session, row) instanceof GameSession.Outcome.Accepted(var steps, _)
        && steps.getFirst().record().equals(row.record())) {
      return steps;
    }
    throw new DamagedLogException("an action of a match cannot be repeated");
  }

  private static GameSession.@Nullable Outcome outcome(GameSession session, RecordRow row) {
    var record = new JsonObject(row.record());
    long at = record.getLong("at");
    String player = record.getString("playerID");
    return player == null
        ? session.fireTimeout(row.number(), at)
        : session.apply(
            new GameAction(
                row.number(),
                player,
                record.getString("event"),
                Json.encode(record.getValue("payload")),
                at));
  }

  private static Map<String, ActResult> answers() {
    return new LinkedHashMap<>() {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<String, ActResult> eldest) {
        return size() > REQUESTS_MAX;
      }
    };
  }

  static String digest(String state) {
    return Sha256.hex(state);
  }

  GameSession session() {
    return session;
  }

  long revision() {
    return revision;
  }

  int actions() {
    return records.size();
  }

  boolean isFull() {
    return records.size() >= ACTIONS_MAX || length >= RECORDS_MAX;
  }

  /** The answer that a request got; null if it is new. */
  @Nullable ActResult answered(String request) {
    return answered.get(request);
  }

  /** Adds what has been committed. */
  ActResult add(RecordRow row) {
    var result = new ActResult(row.revision(), null, null, null);
    records.add(row.record());
    length += row.record().length();
    revision = row.revision();
    answered.put(row.request(), result);
    return result;
  }

  /** A snapshot to be stored with the action that was just carried out; null if none is due. */
  @Nullable SnapshotRow dueSnapshot(long number) {
    if (number % SNAPSHOT_EVERY != 0) {
      return null;
    }
    String state = session.state();
    return new SnapshotRow(number, state, digest(state));
  }

  MatchView view(String room) {
    return new MatchView(
        room, revision, records.isEmpty() ? "" : "m_" + records.size(), session.current(), records);
  }
}

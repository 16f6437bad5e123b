package dev.rookery.match;

import dev.rookery.base.Refused;
import dev.rookery.game.Game;
import dev.rookery.game.GameSession;
import dev.rookery.game.GameSession.Step;
import dev.rookery.game.MatchSetup;
import dev.rookery.game.Snapshot;
import dev.rookery.match.MatchHistoryStore.PastSnapshot;
import dev.rookery.match.MatchQuery.Moment;
import dev.rookery.match.MatchQuery.PastMatch;
import dev.rookery.match.MatchQuery.PastStep;
import dev.rookery.match.MatchQuery.SnapshotCheck;
import dev.rookery.match.MatchQuery.Timeline;
import dev.rookery.match.MatchQuery.TimelineEntry;
import dev.rookery.match.MatchStore.RecordRow;
import dev.rookery.match.MatchStore.SnapshotRow;
import dev.rookery.match.SaveCommand.CapturedMatch;
import dev.rookery.store.Reader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a match was like at any revision, computed again from its log by the code of its version of
 * the game. It reads what has been committed, so any node may answer.
 *
 * <p>The computation begins at the snapshot before the newest one that is needed, so that at least
 * one stored digest is compared with what the log gives. It repeats at most twice {@link
 * MatchLog#SNAPSHOT_EVERY} actions, and a page of the timeline.
 */
final class MatchHistory {
  private static final int SNAPSHOTS = 2;

  private final Reader database;
  private final RoomStores stores;
  private final MatchHistoryStore history;
  private final Games games;

  MatchHistory(Reader database, RoomStores stores, MatchHistoryStore history, Games games) {
    this.database = database;
    this.stores = stores;
    this.history = history;
    this.games = games;
  }

  /** The actions after a number, with what each of their steps led to. */
  Timeline timeline(String room, long after, int max) {
    RoomRow row = started(room);
    List<RecordRow> records = stores.matches().records(database, room, after, max);
    var entries = new ArrayList<TimelineEntry>(records.size());
    if (!records.isEmpty()) {
      var replay = new Replay(row, after);
      for (RecordRow record : records) {
        long before = replay.revision;
        entries.add(entry(record, before, replay.repeat(record)));
      }
    }
    long last = records.isEmpty() ? after : records.getLast().number();
    return new Timeline(
        room,
        row.gameKey(),
        row.gameVersion(),
        row.revision(),
        row.actions(),
        entries,
        last < row.actions() ? (Long) last : null);
  }

  private static TimelineEntry entry(RecordRow record, long before, List<Step> steps) {
    var past = new ArrayList<PastStep>(steps.size());
    long revision = before;
    for (Step step : steps) {
      revision++;
      past.add(
          new PastStep(
              revision,
              step.kind(),
              step.record(),
              step.after().position(),
              step.after().result()));
    }
    return new TimelineEntry(record.number(), record.record(), past);
  }

  /** The match right after the step that led to a revision. */
  PastMatch at(String room, long revision) {
    RoomRow row = started(room);
    if (revision > row.revision()) {
      throw Refused.missing("unknown_revision");
    }
    long number = numberAt(row, revision);
    var replay = new Replay(row, Math.max(0, number - 1));
    Snapshot seen = replay.session.current();
    if (number > 0) {
      long before = replay.revision;
      List<Step> steps = replay.repeat(log(room, number - 1, number).getFirst());
      long step = revision - before - 1;
      if (step < 0 || step >= steps.size()) {
        throw new DamagedLogException("an action of a match leads to other revisions");
      }
      seen = steps.get((int) step).after();
    }
    return new PastMatch(
        room,
        row.gameKey(),
        row.gameVersion(),
        revision,
        number,
        seen,
        MatchLog.digest(replay.session.state()),
        replay.checks);
  }

  /** The match at a revision, or now, with the actions around it, all from one computation. */
  Moment moment(String room, @Nullable Long wanted, int around) {
    RoomRow row = started(room);
    long revision = wanted == null ? row.revision() : wanted;
    if (revision > row.revision()) {
      throw Refused.missing("unknown_revision");
    }
    long number = numberAt(row, revision);
    long start = Math.max(0, number - 1 - around);
    var replay = new Replay(row, start, (int) (number - start) + around);
    Snapshot before = null;
    Snapshot seen = replay.session.current();
    String digest = MatchLog.digest(replay.session.state());
    var entries = new ArrayList<TimelineEntry>();
    for (RecordRow record : replay.ahead) {
      long reached = replay.revision;
      List<Step> steps = replay.repeat(record);
      entries.add(entry(record, reached, steps));
      if (record.number() < number) {
        seen = steps.getLast().after();
      } else if (record.number() == number) {
        int step = (int) (revision - reached) - 1;
        if (step < 0 || step >= steps.size()) {
          throw new DamagedLogException("an action of a match leads to other revisions");
        }
        before = step == 0 ? seen : steps.get(step - 1).after();
        seen = steps.get(step).after();
        digest = MatchLog.digest(replay.session.state());
      }
    }
    if (replay.number < number) {
      throw new DamagedLogException("actions of a match are missing");
    }
    return new Moment(
        new PastMatch(
            room, row.gameKey(), row.gameVersion(), revision, number, seen, digest, replay.checks),
        before,
        row.revision(),
        entries);
  }

  private long numberAt(RoomRow row, long revision) {
    if (revision == row.revision()) {
      return row.actions();
    }
    return revision == 0 ? 0 : history.numberAt(database, row.room(), revision);
  }

  /** The whole match as it is now. */
  CapturedMatch capture(String room) {
    RoomRow row = started(room);
    var replay = new Replay(row, row.actions());
    List<String> log = log(room, 0, row.actions()).stream().map(RecordRow::record).toList();
    return new CapturedMatch(
        room,
        row.gameKey(),
        row.gameVersion(),
        games.require(row.gameKey(), row.gameVersion()).info().schemaVersion(),
        replay.setup,
        row.revision(),
        replay.session.state(),
        log);
  }

  private RoomRow started(String room) {
    RoomRow row =
        stores.rooms().find(database, room).orElseThrow(() -> Refused.missing("unknown_room"));
    if (row.initialNow() == null) {
      throw Refused.conflict("room_not_started");
    }
    return row;
  }

  private List<RecordRow> log(String room, long after, long upTo) {
    return log(room, after, upTo, 0);
  }

  /**
   * The actions after a number, up to another, and some more if there are; a match that is started
   * again loses them.
   */
  private List<RecordRow> log(String room, long after, long upTo, int more) {
    if (upTo + more == after) {
      return List.of();
    }
    List<RecordRow> records =
        stores.matches().records(database, room, after, (int) (upTo - after) + more);
    if (records.size() < upTo - after) {
      throw new DamagedLogException("actions of a match are missing");
    }
    return records;
  }

  /** A session that is moved along the log of its match. */
  private final class Replay {
    private final String room;
    private final MatchSetup setup;
    private final GameSession session;
    private final List<SnapshotCheck> checks = new ArrayList<>();
    private final List<RecordRow> ahead;
    private long revision;
    private long number;

    /** Moves the match to where it was after an action. */
    Replay(RoomRow row, long upTo) {
      this(row, upTo, 0);
    }

    /**
     * @param more how many of the actions after it are read, too
     */
    Replay(RoomRow row, long upTo, int more) {
      this.room = row.room();
      Game game = games.require(row.gameKey(), row.gameVersion());
      setup = row.setup(LobbyRules.stored(game.info(), row, stores.seats().find(database, room)));
      List<PastSnapshot> saved = history.snapshots(database, room, upTo, SNAPSHOTS);
      // With a single one the log is repeated from its beginning.
      PastSnapshot first = saved.size() < SNAPSHOTS ? null : saved.getLast();
      if (first == null) {
        session = game.start(setup);
      } else {
        Long reached = first.revision();
        if (reached == null) {
          throw new DamagedLogException("actions of a match are missing");
        }
        number = first.row().number();
        revision = reached;
        session = game.restore(setup, first.row().state());
        check(first.row());
      }
      List<RecordRow> read = log(room, number, upTo, more);
      int past = (int) (upTo - number);
      read.subList(0, past).forEach(this::repeat);
      ahead = read.subList(past, read.size());
    }

    List<Step> repeat(RecordRow record) {
      List<Step> steps = MatchLog.repeat(session, record);
      revision += steps.size();
      number = record.number();
      if (revision != record.revision()) {
        throw new DamagedLogException("an action of a match leads to another revision");
      }
      if (record.number() % MatchLog.SNAPSHOT_EVERY == 0) {
        history.snapshots(database, room, record.number(), 1).stream()
            .map(PastSnapshot::row)
            .filter(snapshot -> snapshot.number() == record.number())
            .forEach(this::check);
      }
      return steps;
    }

    /** Compares a stored snapshot with the state that the log gives. */
    private void check(SnapshotRow stored) {
      String digest = MatchLog.digest(session.state());
      boolean same =
          digest.equals(stored.digest()) && digest.equals(MatchLog.digest(stored.state()));
      checks.add(new SnapshotCheck(stored.number(), stored.digest(), same));
    }
  }
}

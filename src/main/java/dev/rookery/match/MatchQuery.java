package dev.rookery.match;

import dev.rookery.base.PlayerId;
import dev.rookery.bus.Command;
import dev.rookery.game.Snapshot;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks at rooms and at the past of their matches, for admins: it shows all seats and the log as it
 * is stored. Served by any node from what has been committed.
 */
public sealed interface MatchQuery<R> extends Command<R> {
  String ADDRESS = "match.query";

  /** Maximum number of rooms or actions in an answer. */
  int PAGE_MAX = 100;

  @Override
  default String address() {
    return ADDRESS;
  }

  /**
   * The rooms created before a position, newest first.
   *
   * @param before {@link RoomPosition#NEWEST} for the first page
   * @param phase null for all
   * @param gameKey null for all
   * @param max at most {@link #PAGE_MAX}
   */
  record ListRooms(RoomPosition before, @Nullable Phase phase, @Nullable String gameKey, int max)
      implements MatchQuery<RoomPage> {}

  /**
   * Finds rooms, newest first.
   *
   * @param from the last room before the page, or the first one after it; null for the first page
   * @param backwards whether the rooms before {@code from} are wanted
   * @param max at most {@link #PAGE_MAX} and one more
   */
  record FindRooms(RoomFilter filter, @Nullable RoomPosition from, boolean backwards, int max)
      implements MatchQuery<List<ListedRoom>> {}

  /** Counts rooms; at most so many. */
  record CountRooms(RoomFilter filter, long max) implements MatchQuery<Long> {}

  /**
   * The running matches by the version of their game, the most first; at most {@link #PAGE_MAX}.
   */
  record CountRunning() implements MatchQuery<List<RunningVersion>> {}

  /** Finds a room with its owner. {@code Missing("unknown_room")}. */
  record FindRoom(String room) implements MatchQuery<ListedRoom> {}

  /**
   * The match at a revision, what the step before it changed, and the actions around it. Refused as
   * {@link ViewAt}.
   *
   * @param revision null for now
   * @param around how many actions before and after it are wanted, at most {@link #AROUND_MAX}
   */
  record ReadMoment(String room, @Nullable Long revision, int around)
      implements MatchQuery<Moment> {}

  /** Maximum number of actions before and after a moment. */
  int AROUND_MAX = 20;

  /**
   * The actions of a match after a number. {@code Missing("unknown_room")}, {@code
   * Conflict("room_not_started")}, {@code Conflict("replay_differs")} if the log does not give what
   * it gave when it was written.
   *
   * @param after 0 for the beginning
   * @param max at most {@link #PAGE_MAX}
   */
  record ReadTimeline(String room, long after, int max) implements MatchQuery<Timeline> {}

  /** The match at a revision; as {@link ReadTimeline}, and {@code Missing("unknown_revision")}. */
  record ViewAt(String room, long revision) implements MatchQuery<PastMatch> {}

  /**
   * Starts a room whose match goes on from a revision of another one, with the same seats and
   * randomness. Within an action the revision before it counts. Refused as {@link ViewAt}.
   *
   * @param idempotencyKey 1 to 200 characters of the admin's choice, or null
   */
  record Fork(String room, long revision, PlayerId admin, @Nullable String idempotencyKey)
      implements MatchQuery<Forked> {}

  /**
   * Which rooms are meant; null for all.
   *
   * @param gameVersion of the game
   * @param node the name of the node that owns the room
   * @param user with a seat in the room
   */
  record RoomFilter(
      @Nullable Phase phase,
      @Nullable String gameKey,
      @Nullable String gameVersion,
      @Nullable String node,
      @Nullable String user) {
    public static final RoomFilter ALL = new RoomFilter(null, null, null, null, null);
  }

  /** How many matches of a version of a game have no result yet. */
  record RunningVersion(String gameKey, String gameVersion, long rooms) {}

  /**
   * A room with its owner.
   *
   * @param seats the number of taken seats
   * @param capacity the number of offered seats
   * @param finishedMs when the match got its result; null if it has none
   * @param wakeMs when the room needs its owner although nobody sends a command: the deadline of a
   *     turn, or the time since when a bot is to act; null for never
   * @param node that owns the room; null if it sleeps
   * @param epoch the tenure of the owner; 0 if there was none
   */
  record ListedRoom(
      RoomSummary summary,
      int seats,
      int capacity,
      @Nullable Long finishedMs,
      @Nullable Long wakeMs,
      @Nullable String node,
      long epoch) {}

  /**
   * A match at a revision.
   *
   * @param before what players saw before the step that led to it; null at the start
   * @param lastRevision of the match now
   * @param entries the actions around it
   */
  record Moment(
      PastMatch match, @Nullable Snapshot before, long lastRevision, List<TimelineEntry> entries) {
    public Moment {
      entries = List.copyOf(entries);
    }
  }

  /** A place in the list of rooms. */
  record RoomPosition(long createdMs, String room) {
    public static final RoomPosition NEWEST = new RoomPosition(Long.MAX_VALUE, "");
  }

  /**
   * A room.
   *
   * @param revision the number of steps of the match
   * @param actions the number of accepted actions
   * @param startedMs null until the match has started
   * @param forkedFrom the room whose match this one goes on with; null for none
   * @param forkedRevision of that match
   */
  record RoomSummary(
      String room,
      String gameKey,
      String gameVersion,
      Phase phase,
      String hostUser,
      long revision,
      long actions,
      long createdMs,
      @Nullable Long startedMs,
      @Nullable String forkedFrom,
      @Nullable Long forkedRevision) {}

  /**
   * @param next null if these are the last ones
   */
  record RoomPage(List<RoomSummary> rooms, @Nullable RoomPosition next) {
    public RoomPage {
      rooms = List.copyOf(rooms);
    }
  }

  /**
   * @param revision of the match now
   * @param actions of the match now
   * @param next the number after which the next page begins; null if there is none
   */
  record Timeline(
      String room,
      String gameKey,
      String gameVersion,
      long revision,
      long actions,
      List<TimelineEntry> entries,
      @Nullable Long next) {
    public Timeline {
      entries = List.copyOf(entries);
    }
  }

  /**
   * An accepted action.
   *
   * @param number its place in the log, from 1
   * @param record JSON text as stored
   */
  record TimelineEntry(long number, String record, List<PastStep> steps) {
    public TimelineEntry {
      steps = List.copyOf(steps);
    }
  }

  /**
   * A step of an action; the texts are JSON.
   *
   * @param revision of the match after it
   */
  record PastStep(long revision, String kind, String event, String position, String result) {}

  /**
   * A match as it was.
   *
   * @param actions how many actions led to it
   * @param digest SHA-256 of the whole state after the last of these actions
   * @param checks the stored snapshots that the computation came by
   */
  record PastMatch(
      String room,
      String gameKey,
      String gameVersion,
      long revision,
      long actions,
      Snapshot snapshot,
      String digest,
      List<SnapshotCheck> checks) {
    public PastMatch {
      checks = List.copyOf(checks);
    }
  }

  /**
   * @param number of the action after which the snapshot was stored
   * @param same whether the log gives the same state
   */
  record SnapshotCheck(long number, String digest, boolean same) {}

  /**
   * @param revision from which the new match goes on
   */
  record Forked(RoomInfo room, long revision) {}
}

package dev.rookery.match;

import dev.rookery.base.Ids;
import dev.rookery.base.Refused;
import dev.rookery.match.MatchQuery.Forked;
import dev.rookery.match.MatchQuery.RoomPage;
import dev.rookery.match.MatchQuery.RoomPosition;
import dev.rookery.match.MatchQuery.RoomSummary;
import dev.rookery.match.MatchQuery.RunningVersion;
import dev.rookery.store.Database;
import dev.rookery.store.IdempotentCommand;
import java.util.List;
import java.util.function.Function;

/** Answers {@link MatchQuery}. Thread-safe; blocks virtual threads. */
final class MatchQueries {
  private final Database database;
  private final MatchHistoryStore store = new MatchHistoryStore();
  private final RoomListStore rooms = new RoomListStore();
  private final RoomStores stores;
  private final MatchHistory history;
  private final Ids ids;
  private final Function<String, RoomInfo> find;

  /**
   * @param find finds a room that exists
   */
  MatchQueries(
      Database database, RoomStores stores, Games games, Ids ids, Function<String, RoomInfo> find) {
    this.database = database;
    this.stores = stores;
    this.history = new MatchHistory(database, stores, store, games);
    this.ids = ids;
    this.find = find;
  }

  Object answer(MatchQuery<?> query) {
    try {
      return switch (query) {
        case MatchQuery.ListRooms list -> list(list);
        case MatchQuery.FindRooms find -> rooms.find(database, find);
        case MatchQuery.CountRooms(var filter, var max) -> rooms.count(database, filter, max);
        case MatchQuery.FindRoom(var room) ->
            rooms.find(database, room).orElseThrow(() -> Refused.missing("unknown_room"));
        case MatchQuery.CountRunning() -> running();
        case MatchQuery.ReadMoment(var room, var revision, var around) ->
            history.moment(room, revision, Math.clamp(around, 1, MatchQuery.AROUND_MAX));
        case MatchQuery.ReadTimeline(var room, var after, var max) ->
            history.timeline(room, after, max);
        case MatchQuery.ViewAt(var room, var revision) -> history.at(room, revision);
        case MatchQuery.Fork fork -> fork(fork);
      };
    } catch (DamagedLogException _) {
      throw Refused.conflict("replay_differs");
    }
  }

  private List<RunningVersion> running() {
    return stores.rooms().countRunning(database, MatchQuery.PAGE_MAX).entrySet().stream()
        .map(
            running ->
                new RunningVersion(
                    running.getKey().gameKey(), running.getKey().version(), running.getValue()))
        .toList();
  }

  private RoomPage list(MatchQuery.ListRooms list) {
    String phase = list.phase() == null ? null : list.phase().text();
    List<RoomSummary> found =
        store.list(database, list.before(), phase, list.gameKey(), list.max() + 1);
    if (found.size() <= list.max()) {
      return new RoomPage(found, null);
    }
    List<RoomSummary> page = found.subList(0, list.max());
    RoomSummary last = page.getLast();
    return new RoomPage(page, new RoomPosition(last.createdMs(), last.room()));
  }

  private Forked fork(MatchQuery.Fork fork) {
    // Fails before anything is written if the match was never there or cannot be repeated.
    history.at(fork.room(), fork.revision());
    String room = "room_" + ids.uuid();
    var idempotent = IdempotentCommand.of(fork.admin(), fork.idempotencyKey(), "match.fork");
    Fork stored =
        database.write(
            tx ->
                IdempotentCommand.once(
                    tx,
                    idempotent,
                    Fork.class,
                    () -> new Fork(room, store.fork(tx, fork.room(), fork.revision(), room))));
    return new Forked(find.apply(stored.room), stored.revision);
  }

  /** A room that goes on from a revision of another one. */
  private record Fork(String room, long revision) {}
}

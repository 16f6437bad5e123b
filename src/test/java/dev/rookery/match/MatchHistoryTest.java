package dev.rookery.match;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.game.GameAction;
import dev.rookery.game.GameSession;
import dev.rookery.game.MatchSetup;
import dev.rookery.game.Snapshot;
import dev.rookery.match.LobbyRules.TakenSeat;
import dev.rookery.match.MatchQuery.Forked;
import dev.rookery.match.MatchQuery.PastMatch;
import dev.rookery.match.MatchQuery.RoomPage;
import dev.rookery.match.MatchQuery.RoomPosition;
import dev.rookery.match.MatchQuery.Timeline;
import dev.rookery.match.MatchQuery.TimelineEntry;
import dev.rookery.match.MatchStore.RecordRow;
import dev.rookery.match.RoomRow.Start;
import dev.rookery.store.Database;
import dev.rookery.store.Dialect;
import dev.rookery.store.Reader;
import dev.rookery.store.Rows;
import dev.rookery.testkit.SeededIds;
import dev.rookery.testkit.TestStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The past of a match of 100 actions, which has snapshots after 32, 64 and 96 of them. */
final class MatchHistoryTest {
  private static final String ALL = "dev.rookery.testkit.Databases#all";
  private static final String ROOM = "room_1";
  private static final int ACTIONS = 100;

  /** No question reads more often from the database. */
  private static final int READS_MAX = 12;

  private final RoomStores stores = new RoomStores();
  private final Games games = new Games(List.of(CountingGame.create()));
  private final List<Snapshot> seen = new ArrayList<>();

  private static MatchQuery.Fork fork(long revision, @Nullable String key) {
    return new MatchQuery.Fork(ROOM, revision, new PlayerId(9), key);
  }

  private MatchQueries played(TestStore store) {
    var info = games.standard().info();
    var seats = List.of(new TakenSeat(0, "7", "Ann", true), new TakenSeat(1, "8", "Bob", true));
    var lobby = new LobbyRules(info, "7", Phase.ACTIVE, 2, seats);
    MatchSetup setup = lobby.setup("seed", 1_000, Map.of());
    MatchLog log = MatchLog.started(games.standard(), setup);
    seen.add(log.session().current());
    store
        .database()
        .write(
            tx -> {
              stores
                  .rooms()
                  .insert(
                      tx,
                      new RoomRow(
                          ROOM,
                          "counting",
                          "1",
                          "7",
                          Phase.ACTIVE,
                          2,
                          "seed",
                          null,
                          0,
                          0,
                          null,
                          null,
                          null,
                          null,
                          null));
              stores.rooms().saveLobby(tx, ROOM, lobby);
              stores.rooms().restart(tx, ROOM, new Start(Phase.ACTIVE, "seed", 1_000L, "{}", null));
              for (long number = 1; number <= ACTIONS; number++) {
                RecordRow row = act(log, number);
                stores.matches().appendRecords(tx, Map.of(ROOM, row));
                var snapshot = log.dueSnapshot(number);
                if (snapshot != null) {
                  stores.matches().insertSnapshot(tx, ROOM, snapshot);
                }
                log.add(row);
              }
              return true;
            });
    return new MatchQueries(
        store.database(),
        stores,
        games,
        new SeededIds(5),
        room -> new LobbyRules(info, "7", Phase.ACTIVE, 2, seats).info(room, List.of()));
  }

  private RecordRow act(MatchLog log, long number) {
    var action =
        new GameAction(number, number % 2 == 1 ? "0" : "1", "roll", "null", 1_000 + number);
    var accepted = (GameSession.Outcome.Accepted) log.session().apply(action);
    seen.add(log.session().current());
    return new RecordRow(number, accepted.steps().getFirst().record(), number, "request " + number);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void showsEveryRevisionAsItWas(TestStore store) {
    MatchQueries queries = played(store);

    for (long revision : List.of(0L, 1L, 32L, 33L, 64L, 65L, 96L, 100L)) {
      var past = (PastMatch) queries.answer(new MatchQuery.ViewAt(ROOM, revision));

      assertThat(past.snapshot()).isEqualTo(seen.get((int) revision));
      assertThat(past.checks()).allMatch(MatchQuery.SnapshotCheck::same);
      assertThat(past.checks().isEmpty()).isEqualTo(revision < 32);
    }
    assertThatThrownBy(() -> queries.answer(new MatchQuery.ViewAt(ROOM, 101)))
        .isInstanceOf(Refused.class)
        .hasMessage("unknown_revision");
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void readsTheLogInPages(TestStore store) {
    MatchQueries queries = played(store);
    var numbers = new ArrayList<Long>();
    Long after = 0L;
    while (after != null) {
      var page = (Timeline) queries.answer(new MatchQuery.ReadTimeline(ROOM, after, 30));
      page.entries().stream().map(TimelineEntry::number).forEach(numbers::add);
      after = page.next();
      for (TimelineEntry entry : page.entries()) {
        assertThat(entry.steps().getFirst().position())
            .isEqualTo(seen.get((int) entry.number()).position());
      }
    }
    assertThat(numbers).hasSize(ACTIONS).isSorted().doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void tellsWhichStoredStateTheLogDoesNotGive(TestStore store) {
    MatchQueries queries = played(store);
    store
        .database()
        .write(
            tx ->
                tx.run(
                    "UPDATE match_snapshot SET digest = 'x' WHERE number = $1 RETURNING number",
                    64L));

    var past = (PastMatch) queries.answer(new MatchQuery.ViewAt(ROOM, 70));

    assertThat(past.checks())
        .extracting(MatchQuery.SnapshotCheck::number, MatchQuery.SnapshotCheck::same)
        .containsExactly(tuple(32L, true), tuple(64L, false));
    store
        .database()
        .write(
            tx ->
                tx.run(
                    "UPDATE match_record SET record = $1 WHERE number = $2 RETURNING number",
                    "{\"playerID\":\"1\",\"event\":\"roll\",\"payload\":null,\"at\":1}",
                    66L));
    assertThatThrownBy(() -> queries.answer(new MatchQuery.ViewAt(ROOM, 70)))
        .isInstanceOf(Refused.class)
        .hasMessage("replay_differs");
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void aForkHasThePastUpToItsRevision(TestStore store) {
    MatchQueries queries = played(store);

    var forked = (Forked) queries.answer(fork(70, null));

    String fork = forked.room().room();
    var past = (PastMatch) queries.answer(new MatchQuery.ViewAt(fork, 70));
    assertThat(past.snapshot()).isEqualTo(seen.get(70));
    assertThat(stores.seats().find(store.database(), fork)).hasSize(2);
    assertThatThrownBy(() -> queries.answer(new MatchQuery.ViewAt(fork, 71)))
        .hasMessage("unknown_revision");
    store.clock().advance(Duration.ofSeconds(1));
    queries.answer(fork(0, null));
    var page =
        (RoomPage)
            queries.answer(new MatchQuery.ListRooms(RoomPosition.NEWEST, Phase.ACTIVE, null, 2));
    assertThat(page.rooms()).hasSize(2);
    assertThat(page.rooms().getFirst().forkedRevision()).isZero();
    var keyed = (Forked) queries.answer(fork(70, "key"));
    assertThat(queries.answer(fork(70, "key"))).isEqualTo(keyed);
    var rest = (RoomPage) queries.answer(new MatchQuery.ListRooms(page.next(), null, null, 2));
    assertThat(rest.rooms()).hasSize(1);
    assertThat(rest.next()).isNull();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void refusesToShowAMatchThatIsStartedAgainMeanwhile(TestStore store) {
    MatchQueries queries = played(store);
    List<BiConsumer<MatchHistory, String>> questions =
        List.of(
            (history, room) -> history.at(room, 70),
            (history, room) -> history.timeline(room, 65, 5),
            MatchHistory::capture);
    for (BiConsumer<MatchHistory, String> question : questions) {
      int refused = 0;
      for (int reads = 1; reads < READS_MAX; reads++) {
        String room = ((Forked) queries.answer(fork(70, null))).room().room();
        Reader reader = new RestartingReader(store.database(), room, reads);
        var history = new MatchHistory(reader, stores, new MatchHistoryStore(), games);
        try {
          question.accept(history, room);
        } catch (DamagedLogException | Refused _) {
          refused++;
        }
      }
      // The last rounds are those without a restart between the reads.
      assertThat(refused).isBetween(1, READS_MAX - 2);
    }
  }

  /** Starts the match of a room again before one of its reads. */
  private final class RestartingReader implements Reader {
    private final Database database;
    private final String room;
    private int left;

    RestartingReader(Database database, String room, int before) {
      this.database = database;
      this.room = room;
      this.left = before;
    }

    @Override
    public Rows read(String sql, @Nullable Object... values) {
      left--;
      if (left == 0) {
        database.write(
            tx -> {
              stores
                  .rooms()
                  .restart(tx, room, new Start(Phase.ACTIVE, "other", 2_000L, "{}", null));
              return true;
            });
      }
      return database.read(sql, values);
    }

    @Override
    public Dialect dialect() {
      return database.dialect();
    }
  }
}

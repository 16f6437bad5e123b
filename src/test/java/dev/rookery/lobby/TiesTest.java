package dev.rookery.lobby;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.player.Players;
import dev.rookery.testkit.TestStore;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** When it is looked for members whose node has ended. */
final class TiesTest {
  private static final String ALL = "dev.rookery.testkit.Databases#all";
  private static final LobbyId LOBBY = new LobbyId(5);
  private static final long FORGOTTEN = 987_654;

  private final List<PlayerId> left = new ArrayList<>();

  @ParameterizedTest
  @MethodSource(ALL)
  void oneLooksForEachRunThatHasEndedAndElseSeldom(TestStore store) {
    PlayerId ann = seated(store, "Ann", FORGOTTEN);
    var ties = ties(store);
    ties.clear();
    assertThat(left).as("at the beginning").containsExactly(ann);

    PlayerId bob = seated(store, "Bob", FORGOTTEN);
    ties.clear();
    assertThat(left).as("without reason").containsExactly(ann);
    long ended = endedRun(store);
    ties.clear();
    assertThat(left).as("when a run has ended").containsExactly(ann, bob);

    PlayerId cid = seated(store, "Cid", ended);
    for (int calls = 3; calls < Ties.LOOK_ANYWAY_EVERY; calls++) {
      ties.clear();
    }
    assertThat(left).as("as the run has been seen to").hasSize(2);
    ties.clear();
    assertThat(left).as("now and then").containsExactly(ann, bob, cid);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void ofManyNoneIsLeftButWhoseNodeLivesOrWhoDependsOnNone(TestStore store) {
    seated(store, "Ann", run(store, true));
    seated(store, "Bob", null);
    var lost = new ArrayList<PlayerId>();
    for (int i = 0; i < 2 * Ties.AT_ONCE + 1; i++) {
      lost.add(seated(store, "P" + i, FORGOTTEN));
    }

    ties(store).clear();

    assertThat(left).containsExactlyInAnyOrderElementsOf(lost);
  }

  /** A run of another node that is over and not forgotten yet. */
  static long endedRun(TestStore store) {
    return run(store, false);
  }

  private static long run(TestStore store, boolean alive) {
    return store
        .database()
        .write(
            tx ->
                tx.run(
                        """
                        INSERT INTO node (name, version, started_ms, posted_upto, alive, swept)
                        VALUES ('another', '1', 0, 0, $1, 1) RETURNING id
                        """,
                        alive ? 1 : 0)
                    .row(0)
                    .number("id"));
  }

  private Ties ties(TestStore store) {
    var players = new Players(store.clock());
    return new Ties(
        store.database(),
        players,
        player -> {
          left.add(player);
          store.database().write(tx -> players.leaveLobby(tx, player, LOBBY));
        });
  }

  private static PlayerId seated(TestStore store, String name, @Nullable Long run) {
    return store
        .database()
        .write(
            tx ->
                tx.run(
                        """
                        INSERT INTO player
                          (uuid, display_name, created_ms, updated_ms, lobby_id, lobby_run)
                        VALUES ($1, $1, 1, 1, $2, $3) RETURNING id
                        """,
                        name,
                        LOBBY.value(),
                        run)
                    .first(row -> new PlayerId(row.number("id")))
                    .orElseThrow());
  }
}

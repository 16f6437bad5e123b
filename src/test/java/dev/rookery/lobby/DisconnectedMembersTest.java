package dev.rookery.lobby;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.player.Players;
import dev.rookery.testkit.TestStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** When members are looked for whose node has ended. */
final class DisconnectedMembersTest {
  private static final String ALL = "dev.rookery.testkit.Databases#all";
  private static final LobbyId LOBBY = new LobbyId(5);
  private static final long FORGOTTEN = 987_654;

  private final List<PlayerId> left = new ArrayList<>();

  @ParameterizedTest
  @MethodSource(ALL)
  void looksOnceForEachRunThatHasEndedAndSeldomOtherwise(TestStore store) {
    PlayerId ann = seated(store, "Ann", FORGOTTEN);
    var members = members(store);
    members.remove();
    assertThat(left).as("at the beginning").containsExactly(ann);

    PlayerId bob = seated(store, "Bob", FORGOTTEN);
    members.remove();
    assertThat(left).as("without reason").containsExactly(ann);
    long ended = endedRun(store);
    members.remove();
    assertThat(left).as("when a run has ended").containsExactly(ann, bob);

    PlayerId cid = seated(store, "Cid", ended);
    for (int calls = 3; calls < DisconnectedMembers.LOOK_ANYWAY_EVERY; calls++) {
      members.remove();
    }
    assertThat(left).as("when the run is done").hasSize(2);
    members.remove();
    assertThat(left).as("at times").containsExactly(ann, bob, cid);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void removesAllOfManyButThoseWhoseNodeLivesOrWhoDependOnNone(TestStore store) {
    seated(store, "Ann", run(store, true));
    seated(store, "Bob", null);
    var lost = new ArrayList<PlayerId>();
    for (int i = 0; i < 2 * DisconnectedMembers.AT_ONCE + 1; i++) {
      lost.add(seated(store, "P" + i, FORGOTTEN));
    }

    members(store).remove();

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

  private DisconnectedMembers members(TestStore store) {
    var players = new Players(store.clock());
    return new DisconnectedMembers(
        store.database(),
        players,
        player -> {
          left.add(player);
          store.database().write(tx -> players.leaveLobbies(tx, Map.of(player, LOBBY)));
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

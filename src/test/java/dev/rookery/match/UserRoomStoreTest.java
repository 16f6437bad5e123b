package dev.rookery.match;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.rookery.match.LobbyRules.TakenSeat;
import dev.rookery.match.UserRoomStore.RoomOfUser;
import dev.rookery.testkit.TestStore;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class UserRoomStoreTest {
  private final RoomStores stores = new RoomStores();

  private void open(TestStore store, String room, String host, String... users) {
    var game = CountingGame.create().info();
    var seats = new ArrayList<TakenSeat>();
    for (String user : users) {
      seats.add(new TakenSeat(seats.size(), user, user, false));
    }
    var lobby = new LobbyRules(game, host, Phase.LOBBY, 2, seats);
    store
        .database()
        .write(
            tx -> {
              stores
                  .rooms()
                  .insert(
                      tx,
                      new RoomRow(
                          room,
                          game.gameKey(),
                          game.deploymentVersion(),
                          host,
                          Phase.LOBBY,
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
              stores.rooms().saveLobby(tx, room, lobby);
              return true;
            });
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void listsEachRoomInWhichAUserHostsOrSitsOnce(TestStore store) {
    open(store, "room_1", "ann");
    open(store, "room_2", "bob", "bob", "ann");
    open(store, "room_3", "bob", "bob");
    open(store, "room_4", "ann", "ann", "bob");

    List<RoomOfUser> all = stores.users().ofUser(store.database(), "ann", "", 10);

    assertThat(all)
        .extracting(RoomOfUser::room, RoomOfUser::host)
        .containsExactly(tuple("room_1", true), tuple("room_2", false), tuple("room_4", true));
    assertThat(stores.users().ofUser(store.database(), "ann", "", 2)).isEqualTo(all.subList(0, 2));
    assertThat(stores.users().ofUser(store.database(), "ann", "room_2", 2))
        .isEqualTo(all.subList(2, 3));
  }
}

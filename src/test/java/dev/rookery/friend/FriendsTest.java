package dev.rookery.friend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.PlayerId;
import dev.rookery.friend.Friends.Pair;
import dev.rookery.friend.Friends.Relation;
import dev.rookery.testkit.TestStore;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class FriendsTest {
  private static final String ALL = "dev.rookery.testkit.Databases#all";

  @ParameterizedTest
  @MethodSource(ALL)
  void readsAndLocksWhatPlayersAreToEachOtherInEitherDirection(TestStore store) {
    var friends = new Friends();
    PlayerId ann = player(store, "Ann");
    PlayerId bob = player(store, "Bob");
    PlayerId cid = player(store, "Cid");
    PlayerId dan = player(store, "Dan");
    PlayerId eve = player(store, "Eve");
    edge(store, ann, bob, "accepted");
    edge(store, cid, ann, "accepted");
    edge(store, ann, dan, "pending");
    edge(store, dan, ann, "blocked");
    edge(store, ann, eve, "rejected");
    List<Pair> pairs = List.of(pair(bob, ann), pair(ann, cid), pair(ann, dan), pair(eve, ann));

    Map<Pair, Relation> expected =
        Map.of(
            pair(ann, bob),
            Relation.FRIENDS,
            pair(ann, cid),
            Relation.FRIENDS,
            pair(ann, dan),
            Relation.BLOCKED);
    assertThat(friends.relations(store.database(), pairs)).isEqualTo(expected);
    Map<Pair, Relation> locked = store.database().write(tx -> friends.lockRelations(tx, pairs));
    assertThat(locked).isEqualTo(expected);
    assertThat(friends.relation(store.database(), dan, ann)).isEqualTo(Relation.BLOCKED);
    assertThat(friends.relation(store.database(), ann, cid)).isEqualTo(Relation.FRIENDS);
    assertThat(friends.relation(store.database(), eve, ann)).isEqualTo(Relation.NONE);
    assertThat(friends.relation(store.database(), ann, ann)).isEqualTo(Relation.NONE);
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void listsFriendsWhoAreOnlineFirst(TestStore store) {
    PlayerId ann = player(store, "Ann");
    PlayerId bob = player(store, "Bob");
    PlayerId cid = player(store, "Cid");
    PlayerId dan = player(store, "Dan");
    PlayerId eve = player(store, "Eve");
    edge(store, ann, bob, "accepted");
    edge(store, cid, ann, "accepted");
    edge(store, ann, dan, "accepted");
    edge(store, eve, ann, "pending");
    store.database().write(tx -> tx.run("UPDATE player SET online = 1 WHERE id = $1", dan.value()));
    var friends = new FriendStore();

    assertThat(friends.friendsOnlineFirst(store.database(), ann, 2, 0))
        .extracting(friendship -> friendship.otherThan(ann))
        .containsExactly(dan, bob);
    assertThat(friends.friendsOnlineFirst(store.database(), ann, 2, 2))
        .extracting(friendship -> friendship.otherThan(ann))
        .containsExactly(cid);
  }

  private static Pair pair(PlayerId one, PlayerId other) {
    return Pair.of(one, other);
  }

  private static PlayerId player(TestStore store, String name) {
    return store
        .database()
        .write(
            tx ->
                tx.run(
                        """
                        INSERT INTO player (uuid, display_name, created_ms, updated_ms)
                        VALUES ($1, $1, 1, 1) RETURNING id
                        """,
                        name)
                    .first(row -> new PlayerId(row.number("id")))
                    .orElseThrow());
  }

  private static void edge(TestStore store, PlayerId by, PlayerId to, String state) {
    store
        .database()
        .write(
            tx ->
                tx.run(
                    """
                    INSERT INTO friendship (requester_id, target_id, state, created_ms, changed_ms)
                    VALUES ($1, $2, $3, 1, 1)
                    """,
                    by.value(),
                    to.value(),
                    state));
  }
}

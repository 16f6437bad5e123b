package dev.rookery.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.CommittedEvent;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Position;
import dev.rookery.base.Topic;
import dev.rookery.group.Groups;
import dev.rookery.lobby.Lobbies;
import dev.rookery.lobby.LobbyCommand.Join;
import dev.rookery.notification.NotificationWriter;
import dev.rookery.notification.PersonalMute.Kind;
import dev.rookery.notification.PersonalMute.Subject;
import dev.rookery.notification.PersonalMutes;
import dev.rookery.party.Parties;
import dev.rookery.player.Players;
import dev.rookery.testkit.LobbyNode;
import dev.rookery.testkit.TestStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a player has muted neither notifies nor counts as unread. */
final class PersonalMuteTest {
  private static final String ALL = "dev.rookery.testkit.Databases#all";

  private static void mute(LobbyNode node, PlayerId by, Subject subject, @Nullable Long untilMs) {
    node.ask(new PersonalMuteCommand.Mute(by, subject, untilMs));
  }

  private static Subject player(PlayerId player) {
    return new Subject(Kind.PLAYER, player.value());
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void countsWhatIsLeftForEachMember(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var room = new Room(node, 0);
      PlayerId cid = node.createPlayer("Cid");
      PlayerId dan = node.createPlayer("Dan");
      node.ask(new Join(room.lobby, cid, null));
      node.ask(new Join(room.lobby, dan, null));
      long soon = store.clock().millis() + 60_000;
      mute(node, room.bob, player(room.ann), null);
      mute(node, cid, new Subject(Kind.LOBBY, room.lobby.value()), soon);
      mute(node, dan, player(cid), null);
      var sent = new ArrayList<CommittedEvent>();
      sent.add(sent(room, room.says(room.ann, "one")));
      sent.add(sent(room, room.says(room.ann, "two")));
      sent.add(sent(room, room.says(cid, "three")));

      assertThat(notified(store, sent)).isEqualTo(Map.of(room.ann, 1L, room.bob, 1L, dan, 2L));
      assertThat(room.unread(room.bob)).isEqualTo(1);
      assertThat(room.unread(cid)).isZero();
      assertThat(room.unread(dan)).isEqualTo(2);
      assertThat(room.unread(room.ann)).isEqualTo(3);

      store.clock().advance(Duration.ofMinutes(2));
      assertThat(room.unread(cid)).as("the mute has ended").isEqualTo(3);
      assertThat(node.ask(new PersonalMuteCommand.ListMutes(cid))).isEmpty();
      node.ask(new PersonalMuteCommand.Unmute(room.bob, player(room.ann)));
      assertThat(room.unread(room.bob)).isEqualTo(3);
      assertThat(notified(store, List.of(sent.getFirst())).keySet())
          .containsExactlyInAnyOrder(room.bob, cid, dan);
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void leavesOutDirectMessages(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var pals = new Pals(node);
      mute(node, pals.bob, new Subject(Kind.DIRECT, pals.ann.value()), null);
      ChatMessage message = pals.says(pals.ann, "one");
      var event =
          new CommittedEvent(Topic.player(pals.bob), Position.START, new ChatEvent.Sent(message));

      assertThat(notified(store, List.of(event))).isEmpty();
      assertThat(pals.unread(pals.bob)).isZero();
      node.ask(
          new PersonalMuteCommand.Unmute(pals.bob, new Subject(Kind.DIRECT, pals.ann.value())));
      assertThat(pals.unread(pals.bob)).isEqualTo(1);
      mute(node, pals.bob, player(pals.ann), null);
      assertThat(pals.unread(pals.bob)).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void keepsAtMostSoManyAndNamesThem(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var room = new Room(node, 0);
      store
          .database()
          .write(
              tx -> {
                for (long id = 1; id < PersonalMutes.MUTES_MAX; id++) {
                  tx.run(
                      """
                      INSERT INTO personal_mute (player_id, kind, ref, until_ms, created_ms)
                      VALUES ($1, 'group', $2, $3, 1)
                      """,
                      room.bob.value(),
                      id,
                      Long.MAX_VALUE);
                }
                return true;
              });
      mute(node, room.bob, player(room.ann), null);
      mute(node, room.bob, player(room.ann), null);
      var mutes = node.ask(new PersonalMuteCommand.ListMutes(room.bob));
      assertThat(mutes).hasSize(PersonalMutes.MUTES_MAX);
      assertThat(mutes.getFirst().name()).isEqualTo("Ann");
      var lobby = new Subject(Kind.LOBBY, room.lobby.value());
      assertThat(node.refusal(new PersonalMuteCommand.Mute(room.bob, lobby, null)).code())
          .isEqualTo("too_many_mutes");
      store
          .database()
          .write(tx -> tx.run("UPDATE personal_mute SET until_ms = 2 WHERE kind = 'group'"));
      mute(node, room.bob, lobby, null);
      assertThat(node.ask(new PersonalMuteCommand.ListMutes(room.bob))).hasSize(2);
    }
  }

  private static CommittedEvent sent(Room room, ChatMessage message) {
    return new CommittedEvent(room.stream(), Position.START, new ChatEvent.Sent(message));
  }

  /** How many messages each player is notified of; the notifications are removed again. */
  private static Map<PlayerId, Long> notified(TestStore store, List<CommittedEvent> events) {
    var players = new Players(store.clock());
    var notifications =
        new MessageNotifications(
            players,
            new Groups(),
            new Parties(players),
            new Lobbies(),
            new NotificationWriter(),
            store.clock());
    store.database().write(tx -> notifications.consume(tx, events, ""));
    var counts = new HashMap<PlayerId, Long>();
    store
        .database()
        .write(tx -> tx.run("DELETE FROM notification RETURNING recipient_id, messages"))
        .all(row -> row)
        .forEach(
            row -> counts.put(new PlayerId(row.number("recipient_id")), row.number("messages")));
    return counts;
  }
}

package dev.rookery.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.base.CommittedEvent;
import dev.rookery.base.GroupId;
import dev.rookery.base.LobbyId;
import dev.rookery.base.MessageId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Position;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.base.Topic;
import dev.rookery.bus.Bus;
import dev.rookery.chat.Conversation.Kind;
import dev.rookery.consumer.Consumers;
import dev.rookery.consumer.Progress;
import dev.rookery.group.Groups;
import dev.rookery.lobby.Lobbies;
import dev.rookery.lobby.LobbyCommand.Join;
import dev.rookery.notification.NotificationEvent;
import dev.rookery.notification.NotificationWriter;
import dev.rookery.party.Parties;
import dev.rookery.player.Players;
import dev.rookery.store.Transaction;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.LobbyNode;
import dev.rookery.testkit.TestStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The notifications that follow messages. */
final class MessageNotificationsTest {
  private static final String ALL = "dev.rookery.testkit.Databases#all";

  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void closeVertx() {
    vertx.close().await();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void countTheMessagesOfOthersInALobby(TestStore store) {
    try (var node = new LobbyNode(store)) {
      consume(node);
      var room = new Room(node, 0);
      PlayerId cid = node.createPlayer("Cid");
      node.ask(new Join(room.lobby, cid, null));

      for (String text : List.of("one", "two", "three")) {
        room.says(room.ann, text);
      }
      room.says(room.bob, "four");

      holds(node, () -> counts(store).equals(counted(room.ann, 1, room.bob, 3, cid, 4)));
      assertThat(
              store
                  .database()
                  .read("SELECT sender_id, title, content, metadata FROM notification ORDER BY id")
                  .all(row -> row.text("title") + "; " + row.text("content"))
                  .stream()
                  .distinct())
          .containsExactly("New messages from " + title(store, room.lobby) + "; 1 new message");
      assertThat(posted(store, cid).getLast().notification().metadata())
          .isEqualTo(
              Map.of(
                  "type",
                  "chat_lobby",
                  "chat_type",
                  "lobby",
                  "lobby_id",
                  (int) room.lobby.value(),
                  "message_count",
                  4));
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void countTheMessagesOfAllFriendsInOne(TestStore store) {
    try (var node = new LobbyNode(store)) {
      consume(node);
      var pals = new Pals(node);
      PlayerId cid = node.createPlayer("Cid");
      Pals.relate(store.database(), cid, pals.bob, "accepted");

      pals.says(pals.ann, "one");
      pals.says(pals.ann, "two");
      node.ask(
          new ChatCommand.Send(cid, Conversation.direct(cid, pals.bob), "three", Map.of(), null));

      holds(node, () -> counts(store).equals(counted(pals.bob, 3)));
      assertThat(posted(store, pals.bob).getLast().notification())
          .satisfies(
              one -> {
                assertThat(one.title()).isEqualTo("New messages from friends");
                assertThat(one.sender()).isEqualTo(pals.bob);
                assertThat(one.metadata())
                    .isEqualTo(
                        Map.of("type", "chat_friend", "chat_type", "friend", "message_count", 3));
              });
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void countTheMessagesOfADeletedFriendNoMore(TestStore store) {
    try (var node = new LobbyNode(store)) {
      consume(node);
      var pals = new Pals(node);
      PlayerId cid = node.createPlayer("Cid");
      Pals.relate(store.database(), cid, pals.bob, "accepted");
      pals.says(pals.ann, "one");
      pals.says(pals.ann, "two");
      node.ask(
          new ChatCommand.Send(cid, Conversation.direct(cid, pals.bob), "three", Map.of(), null));
      holds(node, () -> counts(store).equals(counted(pals.bob, 3)));

      node.ask(new ChatCommand.Forget(pals.ann));
      assertThat(counts(store)).isEqualTo(counted(pals.bob, 1));

      node.ask(new ChatCommand.Forget(cid));
      assertThat(counts(store)).isEmpty();
    }
  }

  /** Those that came before a notification were counted in an earlier one, which is deleted. */
  @ParameterizedTest
  @MethodSource(ALL)
  void keepCountingOthersWhenEarlierMessagesOfADeletedFriendGo(TestStore store) {
    try (var node = new LobbyNode(store)) {
      consume(node);
      var pals = new Pals(node);
      PlayerId cid = node.createPlayer("Cid");
      Pals.relate(store.database(), cid, pals.bob, "accepted");
      pals.says(pals.ann, "one");
      holds(node, () -> counts(store).equals(counted(pals.bob, 1)));
      store.database().write(tx -> tx.run("DELETE FROM notification"));
      store.clock().advance(Duration.ofMinutes(1));
      node.member().heartbeat();
      node.ask(
          new ChatCommand.Send(cid, Conversation.direct(cid, pals.bob), "two", Map.of(), null));
      holds(node, () -> counts(store).equals(counted(pals.bob, 1)));

      node.ask(new ChatCommand.Forget(pals.ann));

      assertThat(counts(store)).isEqualTo(counted(pals.bob, 1));
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void reachAllMembersOfALargeGroupOnce(TestStore store) {
    try (var node = new LobbyNode(store)) {
      var group = new GroupId(5);
      List<PlayerId> members = createGroup(store, group, 1_200);
      PlayerId ghost = new PlayerId(1_000_000);
      store.database().write(tx -> addMember(tx, group, ghost));
      consume(node);

      for (int number = 1; number <= 3; number++) {
        say(store, group, members.get(number), number);
      }

      holds(node, () -> counts(store).size() == members.size() && total(store) == 3 * 1_199);
      assertThat(counts(store).get(members.get(1))).isEqualTo(2);
      assertThat(counts(store).get(members.getLast())).isEqualTo(3);
      assertThat(counts(store)).as("a player who was deleted").doesNotContainKey(ghost);
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void notifyOfTheFirstMessageAtOnceAndOfTheNextTogether(TestStore store) {
    var group = new GroupId(5);
    List<PlayerId> members = createGroup(store, group, 100);
    PlayerId last = members.getLast();
    MessageNotifications notifications = notifications(store);

    consume(store, notifications, sent(group, members.get(0)));
    assertThat(total(store)).isEqualTo(99);

    for (int number = 1; number <= 9; number++) {
      consume(store, notifications, sent(group, members.get(number)));
    }
    store.clock().advance(Duration.ofMillis(1_999));
    assertThat(notifyOfDue(store, notifications)).as("before the end of the interval").isFalse();
    assertThat(total(store)).isEqualTo(99);

    store.clock().advance(Duration.ofMillis(1));
    notifyOfAllDue(store, notifications);
    assertThat(notifications.lateMs()).as("nothing is left").isZero();

    assertThat(total(store)).isEqualTo(10 * 99);
    assertThat(counts(store)).containsEntry(members.get(3), 9L).containsEntry(last, 10L);
    assertThat(posted(store, last)).hasSize(2);
    assertThat(postponed(store)).isZero();

    consume(store, notifications, sent(group, members.get(0)));
    assertThat(total(store)).as("within the second interval").isEqualTo(10 * 99);
    store.clock().advance(Duration.ofSeconds(4));
    notifyOfAllDue(store, notifications);
    consume(store, notifications, sent(group, members.get(0)));
    assertThat(total(store)).as("after a pause at once").isEqualTo(12 * 99);
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void countMessagesThatComeWhileALargeGroupIsNotified(TestStore store) {
    var group = new GroupId(5);
    List<PlayerId> members = createGroup(store, group, 1_200);
    MessageNotifications notifications = notifications(store);

    consume(store, notifications, sent(group, members.get(0)), sent(group, members.get(1)));
    store.clock().advance(Duration.ofMillis(300));
    assertThat(notifyOfDue(store, notifications)).isTrue();
    assertThat(counts(store)).as("the first part").hasSize(MessageNotifications.RECIPIENTS_MAX);
    assertThat(notifications.lateMs()).as("the rest is late").isEqualTo(300);
    for (int number = 0; number < 10; number++) {
      consume(store, notifications, sent(group, members.get(2)));
    }
    // Another node goes on in the middle.
    MessageNotifications other = notifications(store);
    notifyOfAllDue(store, other);
    assertThat(total(store)).isEqualTo(2 * 1_199);
    consume(store, other, sent(group, members.get(2)));
    store.clock().advance(NotificationThrottle.INTERVAL_MAX);
    notifyOfAllDue(store, other);

    assertThat(total(store)).isEqualTo(13 * 1_199);
    assertThat(counts(store))
        .containsEntry(members.get(0), 12L)
        .containsEntry(members.get(2), 2L)
        .containsEntry(members.getLast(), 13L);
    assertThat(posted(store, members.getLast())).as("thirteen messages").hasSize(2);
    assertThat(postponed(store)).isZero();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void notifyOfWhatWaitedWhenAnotherNodeTakesOver(TestStore store) {
    var group = new GroupId(5);
    List<PlayerId> members = createGroup(store, group, 20);
    MessageNotifications first = notifications(store);
    for (int number = 0; number < 5; number++) {
      consume(store, first, sent(group, members.get(0)));
    }
    assertThat(total(store)).isEqualTo(19);
    store.clock().advance(NotificationThrottle.INTERVAL_MIN);
    assertThatThrownBy(
            () ->
                first.notifyOfDue(
                    store.database(),
                    _ -> {
                      throw new Refused(new Refusal.Unavailable("not_owner"));
                    }))
        .isInstanceOf(Refused.class);
    assertThat(total(store)).isEqualTo(19);

    MessageNotifications second = notifications(store);
    consume(store, second, sent(group, members.get(0)));
    assertThat(total(store)).isEqualTo(2 * 19);
    notifyOfAllDue(store, second);
    notifyOfAllDue(store, first);

    assertThat(total(store)).isEqualTo(6 * 19);
    assertThat(postponed(store)).isZero();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void delayNoOtherConversation(TestStore store) {
    List<PlayerId> players = createGroup(store, new GroupId(5), 3);
    PlayerId ann = players.get(0);
    PlayerId bob = players.get(1);
    PlayerId cid = players.get(2);
    MessageNotifications notifications = notifications(store);

    consume(store, notifications, sent(ann, bob));
    consume(store, notifications, sent(ann, bob), sent(ann, cid));

    assertThat(counts(store)).isEqualTo(counted(bob, 1, cid, 1));
    store.clock().advance(NotificationThrottle.INTERVAL_MIN);
    notifyOfAllDue(store, notifications);
    assertThat(counts(store)).isEqualTo(counted(bob, 2, cid, 1));
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void notifyNobodyOfAGroupThatClosedMeanwhile(TestStore store) {
    var group = new GroupId(5);
    List<PlayerId> members = createGroup(store, group, 3);
    MessageNotifications notifications = notifications(store);
    consume(store, notifications, sent(group, members.get(0)));
    consume(store, notifications, sent(group, members.get(0)));
    store
        .database()
        .write(
            tx -> {
              tx.run("DELETE FROM group_membership WHERE group_id = $1", group.value());
              tx.run("DELETE FROM player_group WHERE id = $1", group.value());
              return true;
            });

    store.clock().advance(NotificationThrottle.INTERVAL_MIN);
    notifyOfAllDue(store, notifications);

    assertThat(total(store)).isEqualTo(2);
    assertThat(postponed(store)).isZero();
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void goOnWhereAnEarlierVersionStopped(TestStore store) {
    var group = new GroupId(5);
    List<PlayerId> members = createGroup(store, group, 10);
    MessageNotifications notifications = notifications(store);
    String part = "GROUP/5/" + members.get(6).value();

    store
        .database()
        .write(tx -> notifications.consume(tx, List.of(sent(group, members.get(0))), part));
    notifyOfAllDue(store, notifications);

    assertThat(counts(store))
        .isEqualTo(counted(members.get(7), 1, members.get(8), 1, members.get(9), 1));
  }

  private static void consume(
      TestStore store, MessageNotifications notifications, CommittedEvent... events) {
    Progress progress =
        store.database().write(tx -> notifications.consume(tx, List.of(events), ""));
    assertThat(progress).isEqualTo(Progress.complete(events.length));
  }

  private static boolean notifyOfDue(TestStore store, MessageNotifications notifications) {
    return notifications.notifyOfDue(store.database(), _ -> {});
  }

  private static void notifyOfAllDue(TestStore store, MessageNotifications notifications) {
    boolean more;
    do {
      more = notifyOfDue(store, notifications);
    } while (more);
  }

  private static CommittedEvent sent(GroupId group, PlayerId sender) {
    return new CommittedEvent(
        Topic.group(group),
        Position.START,
        new ChatEvent.Sent(message(new Conversation(Kind.GROUP, group.value()), sender, 1)));
  }

  private static CommittedEvent sent(PlayerId sender, PlayerId recipient) {
    return new CommittedEvent(
        Topic.player(recipient),
        Position.START,
        new ChatEvent.Sent(message(Conversation.direct(sender, recipient), sender, 1)));
  }

  private static long postponed(TestStore store) {
    return store
        .database()
        .read("SELECT COUNT(*) AS total FROM postponed_message")
        .row(0)
        .number("total");
  }

  /** Waits, while the node stays alive and the intervals between notifications pass. */
  private static void holds(LobbyNode node, BooleanSupplier condition) {
    Eventually.holds(
        () -> {
          node.member().heartbeat();
          node.store().clock().advance(NotificationThrottle.INTERVAL_MIN);
          return condition.getAsBoolean();
        });
  }

  private void consume(LobbyNode node) {
    TestStore store = node.store();
    var meters = new SimpleMeterRegistry();
    var consumers =
        new Consumers(
            vertx,
            new Bus(vertx, meters),
            store.database(),
            Databases.EVENTS,
            store.clock(),
            meters);
    store.onPublished(consumers::onCommitted);
    MessageNotifications notifications = notifications(store);
    consumers.add(notifications, node.member().scheduler());
    notifications.schedule(node.member().scheduler(), store.database());
  }

  /** As on a node that has just started. */
  private static MessageNotifications notifications(TestStore store) {
    var players = new Players(store.clock());
    return new MessageNotifications(
        players,
        new Groups(),
        new Parties(players),
        new Lobbies(),
        new NotificationWriter(),
        store.clock());
  }

  private static List<PlayerId> createGroup(TestStore store, GroupId group, int size) {
    return store
        .database()
        .write(
            tx -> {
              tx.run(
                  """
                  INSERT INTO player_group
                    (id, title, title_key, description, type, members_max, metadata, slowdown_s,
                      members, admins, created_ms, updated_ms)
                  VALUES ($1, 'Blue', 'blue', '', 'public', 10000, '{}', 0, $2, 1, 1, 1)
                  """,
                  group.value(),
                  size);
              var members = new ArrayList<PlayerId>();
              for (int number = 0; number < size; number++) {
                var member =
                    tx.run(
                            """
                            INSERT INTO player (uuid, display_name, created_ms, updated_ms)
                            VALUES ($1, $1, 1, 1) RETURNING id
                            """,
                            "member " + number)
                        .first(row -> new PlayerId(row.number("id")))
                        .orElseThrow();
                addMember(tx, group, member);
                members.add(member);
              }
              return members;
            });
  }

  private static boolean addMember(Transaction tx, GroupId group, PlayerId player) {
    tx.run(
        """
        INSERT INTO group_membership (group_id, player_id, role, created_ms, joined_ms)
        VALUES ($1, $2, 2, 1, 1)
        """,
        group.value(),
        player.value());
    return true;
  }

  private static void say(TestStore store, GroupId group, PlayerId sender, long number) {
    var message = message(new Conversation(Kind.GROUP, group.value()), sender, number);
    store
        .database()
        .write(
            tx -> {
              tx.append(Topic.group(group), new ChatEvent.Sent(message));
              return true;
            });
  }

  private static ChatMessage message(Conversation in, PlayerId sender, long number) {
    return new ChatMessage(new MessageId(number), in, sender, "", "hello", Map.of(), 1, 1, 0, null);
  }

  private static Map<PlayerId, Long> counted(Object... playersAndCounts) {
    var counts = new HashMap<PlayerId, Long>();
    for (int i = 0; i < playersAndCounts.length; i += 2) {
      counts.put((PlayerId) playersAndCounts[i], ((Integer) playersAndCounts[i + 1]).longValue());
    }
    return counts;
  }

  /** How many messages are counted for each player. */
  private static Map<PlayerId, Long> counts(TestStore store) {
    var counts = new HashMap<PlayerId, Long>();
    store
        .database()
        .read("SELECT recipient_id, messages FROM notification WHERE sender_id = recipient_id")
        .all(row -> row)
        .forEach(
            row ->
                counts.merge(
                    new PlayerId(row.number("recipient_id")), row.number("messages"), Long::sum));
    return counts;
  }

  private static long total(TestStore store) {
    return counts(store).values().stream().mapToLong(count -> count).sum();
  }

  private static List<NotificationEvent.Posted> posted(TestStore store, PlayerId player) {
    return store.readAll(Topic.player(player)).stream()
        .filter(committed -> committed.event() instanceof NotificationEvent.Posted)
        .map(committed -> (NotificationEvent.Posted) committed.event())
        .toList();
  }

  private static String title(TestStore store, LobbyId lobby) {
    return store
        .database()
        .read("SELECT title FROM lobby WHERE id = $1", lobby.value())
        .row(0)
        .text("title");
  }
}

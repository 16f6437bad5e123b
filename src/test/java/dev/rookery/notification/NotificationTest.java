package dev.rookery.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.rookery.base.Limits;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Position;
import dev.rookery.base.Refusal;
import dev.rookery.base.Topic;
import dev.rookery.notification.NotificationWriter.Draft;
import dev.rookery.player.Credentials;
import dev.rookery.player.PlayerCommand;
import dev.rookery.player.PlayerVerticle;
import dev.rookery.player.Players;
import dev.rookery.testkit.SeededIds;
import dev.rookery.testkit.TestBus;
import dev.rookery.testkit.TestClusterMember;
import dev.rookery.testkit.TestStore;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests that notifications are stored in order and replaced by title. */
@ExtendWith(VertxExtension.class)
final class NotificationTest {
  private final NotificationWriter writer = new NotificationWriter();
  private TestBus bus;
  private TestClusterMember member;

  @BeforeEach
  void start(Vertx vertx) {
    bus = new TestBus(vertx);
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void listsNothingAtTheStartOfTheStreamForAPlayerWithoutNotifications(TestStore store) {
    open(store);
    var stored = bus.ask(new NotificationCommand.ListStored(new PlayerId(7)));
    assertThat(stored.notifications()).isEmpty();
    assertThat(stored.position()).isEqualTo(Position.START);
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void listsTheOldestFirstWithTheNamesOfTheSenders(TestStore store) {
    open(store);
    var ann = player(store, "ann");
    var bob = player(store, "bob");
    bus.ask(new PlayerCommand.Rename(ann, "Ann"));
    var first = put(store, ann, bob, "first", "1");
    store.clock().advance(Duration.ofSeconds(1));
    var second = put(store, ann, bob, "second", "2");
    store.clock().advance(Duration.ofSeconds(1));
    var replacement = put(store, ann, bob, "first", "3");

    assertThat(replacement.id()).isEqualTo(first.id());
    assertThat(replacement.createdMs()).isEqualTo(first.createdMs());
    assertThat(replacement.senderName()).isEmpty();
    var stored = bus.ask(new NotificationCommand.ListStored(bob));
    assertThat(stored.notifications())
        .extracting(Notification::id)
        .containsExactly(first.id(), second.id());
    assertThat(stored.notifications().getFirst().content()).isEqualTo("3");
    assertThat(stored.notifications().getFirst().senderName()).isEqualTo("Ann");
    assertThat(stored.notifications().getFirst().metadata()).isEqualTo(Map.of("n", "3"));
    assertThat(stored.position().offset()).isEqualTo(3);
    assertThat(store.published())
        .filteredOn(posted -> posted.stream().equals(Topic.player(bob)))
        .last()
        .extracting(dev.rookery.base.CommittedEvent::event)
        .isEqualTo(new NotificationEvent.Posted(replacement));
    assertThat(bus.ask(new NotificationCommand.ListNewest(bob, new Page.Request(1, 1))).items())
        .extracting(Notification::id)
        .containsExactly(first.id());
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void deletesAllNotificationsOfADeletedPlayer(TestStore store) {
    open(store);
    var ann = player(store, "ann");
    var bob = player(store, "bob");
    put(store, ann, bob, "to bob", "");
    put(store, bob, ann, "to ann", "");
    put(store, bob, bob, "to themselves", "");
    bus.ask(new NotificationCommand.Forget(ann));

    assertThat(bus.ask(new NotificationCommand.ListStored(ann)).notifications()).isEmpty();
    assertThat(bus.ask(new NotificationCommand.ListStored(bob)).notifications())
        .extracting(Notification::title)
        .containsExactly("to themselves");
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void writesNoNotificationOfAKindThatItsRecipientHasSwitchedOff(TestStore store) {
    open(store);
    var ann = player(store, "ann");
    var bob = player(store, "bob");
    bus.ask(new NotificationCommand.Mute(bob, List.of(NotificationKind.FRIEND_REQUEST)));

    var stored =
        store
            .database()
            .write(
                tx ->
                    writer.putAll(
                        tx,
                        List.of(
                            request(ann, bob),
                            request(bob, ann),
                            Draft.of(
                                NotificationKind.FRIEND_ACCEPTED, ann, bob, "Yes", Map.of()))));

    assertThat(stored)
        .extracting(Notification::recipient, Notification::code)
        .containsExactly(tuple(ann, 101), tuple(bob, 102));
    assertThat(titles(bob)).containsExactly("Friend Request Accepted");
    assertThat(bus.ask(new NotificationCommand.ListMuted(bob)))
        .containsExactly(NotificationKind.FRIEND_REQUEST);
    assertThat(bus.refusal(new NotificationCommand.Mute(bob, List.of(NotificationKind.CUSTOM))))
        .isInstanceOf(Refusal.Invalid.class);
  }

  private static Draft request(PlayerId from, PlayerId to) {
    return Draft.of(NotificationKind.FRIEND_REQUEST, from, to, "Hello", Map.of());
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void marksAndDeletesWhatWasPostedUpToATime(TestStore store) {
    open(store);
    var ann = player(store, "ann");
    var bob = player(store, "bob");
    put(store, ann, bob, "seen", "");
    put(store, ann, bob, "renewed", "");
    long shownMs = store.clock().millis();
    store.clock().advance(Duration.ofSeconds(1));
    put(store, ann, bob, "renewed", "again");

    assertThat(bus.ask(new NotificationCommand.MarkAllRead(bob, shownMs))).isEqualTo(1);
    assertThat(bus.ask(new NotificationCommand.CountUnread(bob))).isEqualTo(1);
    assertThat(bus.ask(new NotificationCommand.DeleteAll(bob, shownMs))).isEqualTo(1);
    assertThat(titles(bob)).containsExactly("renewed");
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void countsMessagesOfOneConversationInOneNotification(TestStore store) {
    open(store);
    var ann = player(store, "ann");
    var first = putMessages(store, ann, "New messages from Blue", 2);
    var second = putMessages(store, ann, "New messages from Blue", 3);
    var other = putMessages(store, ann, "New messages from Red", 1);

    assertThat(second.id()).isEqualTo(first.id());
    assertThat(first.metadata()).containsEntry("message_count", 2L);
    assertThat(second.metadata())
        .isEqualTo(Map.of("type", "chat_lobby", "lobby_id", 5, "message_count", 5L));
    assertThat(second.kind()).isEqualTo("chat_lobby");
    assertThat(second.code()).isEqualTo(503);
    assertThat(other.metadata()).containsEntry("message_count", 1L);
    assertThat(bus.ask(new NotificationCommand.ListStored(ann)).notifications())
        .extracting(one -> one.metadata().get("message_count"))
        .containsExactly(5L, 1L);

    bus.ask(new NotificationCommand.Delete(ann, List.of(first.id())));
    assertThat(putMessages(store, ann, "New messages from Blue", 1).metadata())
        .containsEntry("message_count", 1L);
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void deletesNotificationsThatAreOldOrTooMany(TestStore store) {
    open(store);
    var ann = player(store, "ann");
    var bob = player(store, "bob");
    put(store, ann, bob, "old", "");
    put(store, ann, bob, "renewed", "");
    store.clock().advance(Duration.ofDays(60));
    put(store, ann, bob, "renewed", "again");
    put(store, ann, ann, "1", "");
    put(store, ann, ann, "2", "");
    put(store, ann, ann, "3", "");
    store.clock().advance(Duration.ofDays(31));
    var sweep = new NotificationSweep(store.database(), store.clock(), Duration.ofDays(90), 2);

    sweep.run();

    assertThat(titles(bob)).containsExactly("renewed");
    assertThat(titles(ann)).containsExactly("2", "3");
    assertThat(store.meters().get("rookery.notifications.swept").counter().count()).isEqualTo(2);
  }

  private List<String> titles(PlayerId player) {
    return bus.ask(new NotificationCommand.ListStored(player)).notifications().stream()
        .map(Notification::title)
        .toList();
  }

  private Notification putMessages(TestStore store, PlayerId player, String title, int messages) {
    var draft =
        NotificationWriter.Draft.ofMessages(
            NotificationKind.CHAT_LOBBY, player, title, Map.of("lobby_id", 5), messages);
    return store.database().write(tx -> writer.putAll(tx, List.of(draft)).getFirst());
  }

  private void open(TestStore store) {
    member = TestClusterMember.join(store, "test");
    bus.deploy(
        new NotificationVerticle(
            bus.bus(),
            store.database(),
            new Players(store.clock()),
            writer,
            new NotificationSettings(
                Limits.DEFAULTS, member.scheduler(), store.clock(), Duration.ofDays(90), 1_000)));
    bus.deploy(
        new PlayerVerticle(
            bus.bus(), store.database(), store.clock(), Limits.DEFAULTS, TestStore.DIGESTS));
  }

  private Notification put(
      TestStore store, PlayerId sender, PlayerId recipient, String title, String content) {
    return store
        .database()
        .write(tx -> writer.put(tx, sender, recipient, title, content, Map.of("n", content)));
  }

  private static PlayerId player(TestStore store, String device) {
    var credentials =
        new Credentials(store.clock(), new SeededIds(device.hashCode()), TestStore.DIGESTS);
    return store
        .database()
        .write(tx -> credentials.findOrCreateByDevice(tx, Set.of(device)).get(device).player());
  }
}

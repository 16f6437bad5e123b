package dev.rookery.notification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.Limits;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Position;
import dev.rookery.base.Topic;
import dev.rookery.player.Credentials;
import dev.rookery.player.PlayerCommand;
import dev.rookery.player.PlayerVerticle;
import dev.rookery.testkit.SeededIds;
import dev.rookery.testkit.TestBus;
import dev.rookery.testkit.TestStore;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Notices are kept, in order, and written over by their title. */
final class NotificationTest {
  private final TestBus node = new TestBus();
  private final NotificationWriter notifications = new NotificationWriter();

  @AfterEach
  void close() {
    node.close();
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void whoHasNoneIsToldSoAtTheStartOfHisStream(TestStore store) {
    open(store);
    var notices = node.ask(new NotificationCommand.ListStored(new PlayerId(7)));
    assertThat(notices.notifications()).isEmpty();
    assertThat(notices.position()).isEqualTo(Position.START);
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void noticesComeOldestFirstWithTheirSendersNames(TestStore store) {
    open(store);
    var ann = player(store, "ann");
    var bob = player(store, "bob");
    node.ask(new PlayerCommand.Rename(ann, "Ann"));
    var first = put(store, ann, bob, "first", "1");
    store.clock().advance(Duration.ofSeconds(1));
    var second = put(store, ann, bob, "second", "2");
    store.clock().advance(Duration.ofSeconds(1));
    var overwritten = put(store, ann, bob, "first", "3");

    assertThat(overwritten.id()).isEqualTo(first.id());
    assertThat(overwritten.createdMs()).isEqualTo(first.createdMs());
    assertThat(overwritten.senderName()).isEmpty();
    var notices = node.ask(new NotificationCommand.ListStored(bob));
    assertThat(notices.notifications())
        .extracting(Notification::id)
        .containsExactly(first.id(), second.id());
    assertThat(notices.notifications().getFirst().content()).isEqualTo("3");
    assertThat(notices.notifications().getFirst().senderName()).isEqualTo("Ann");
    assertThat(notices.notifications().getFirst().metadata()).isEqualTo(Map.of("n", "3"));
    assertThat(notices.position().offset()).isEqualTo(3);
    assertThat(store.published())
        .filteredOn(posted -> posted.stream().equals(Topic.player(bob)))
        .last()
        .extracting(dev.rookery.base.CommittedEvent::event)
        .isEqualTo(new NotificationEvent.Posted(overwritten));
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void aForgottenPlayerLeavesNoNotices(TestStore store) {
    open(store);
    var ann = player(store, "ann");
    var bob = player(store, "bob");
    put(store, ann, bob, "to bob", "");
    put(store, bob, ann, "to ann", "");
    put(store, bob, bob, "to himself", "");
    node.ask(new NotificationCommand.Forget(ann));

    assertThat(node.ask(new NotificationCommand.ListStored(ann)).notifications()).isEmpty();
    assertThat(node.ask(new NotificationCommand.ListStored(bob)).notifications())
        .extracting(Notification::title)
        .containsExactly("to himself");
  }

  private void open(TestStore store) {
    node.deploy(new NotificationVerticle(node.bus(), store.database()));
    node.deploy(new PlayerVerticle(node.bus(), store.database(), store.clock(), Limits.DEFAULTS));
  }

  private Notification put(
      TestStore store, PlayerId sender, PlayerId recipient, String title, String content) {
    return store
        .database()
        .write(
            tx -> notifications.put(tx, sender, recipient, title, content, Map.of("n", content)));
  }

  private static PlayerId player(TestStore store, String device) {
    var identities = new Credentials(store.clock(), new SeededIds(device.hashCode()));
    return store
        .database()
        .write(tx -> identities.findOrCreateByDevice(tx, Set.of(device)).get(device).player());
  }
}

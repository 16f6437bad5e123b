package dev.rookery.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.CommittedEvent;
import dev.rookery.base.Event;
import dev.rookery.base.GroupId;
import dev.rookery.base.Limits;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal.Limited;
import dev.rookery.base.Topic;
import dev.rookery.bus.Command;
import dev.rookery.cache.LocalCounters;
import dev.rookery.group.GroupCommand.CancelRequest;
import dev.rookery.group.GroupCommand.Create;
import dev.rookery.group.GroupCommand.Join;
import dev.rookery.group.GroupCommand.NotifyAll;
import dev.rookery.group.GroupCommand.Reject;
import dev.rookery.group.GroupCommand.Settings;
import dev.rookery.notification.NotificationEvent;
import dev.rookery.notification.NotificationWriter;
import dev.rookery.player.Credentials;
import dev.rookery.player.Players;
import dev.rookery.testkit.SeededIds;
import dev.rookery.testkit.TestBus;
import dev.rookery.testkit.TestClusterMember;
import dev.rookery.testkit.TestStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests what commands of groups append and store, without a wire. */
final class GroupCommandsTest {
  private static final String ALL = "dev.rookery.testkit.Databases#all";
  private static final String TITLE = "Guild";

  @ParameterizedTest
  @MethodSource(ALL)
  void tellsEveryInvitedPlayerWhenAGroupWithManyInvitesIsDeleted(TestStore store) {
    try (var node = new Node(store)) {
      PlayerId ann = node.createPlayer("Ann");
      GroupId group = node.createGroup(ann, "public");
      int invited = 2 * InviteWriteSet.CANCELLED_AT_ONCE + 1;
      store
          .database()
          .write(
              tx ->
                  tx.run(
                      """
                      WITH RECURSIVE number (n) AS (
                        SELECT CAST($1 AS BIGINT) UNION ALL SELECT n + 1 FROM number WHERE n < $2)
                      INSERT INTO group_invite (group_id, sender_id, recipient_id, state, created_ms)
                      SELECT CAST($3 AS BIGINT), CAST($4 AS BIGINT), n, 'pending', 1 FROM number
                      """,
                      1_001L,
                      1_000L + invited,
                      group.value(),
                      ann.value()));

      node.ask(new GroupCommand.Delete(group));

      for (long recipient : new long[] {1_001, 1_000 + invited}) {
        var player = new PlayerId(recipient);
        assertThat(node.events(player))
            .containsExactly(new GroupEvent.InviteCancelled(group, player, TITLE));
      }
      assertThat(
              store.published().stream()
                  .map(one -> (Object) one.event())
                  .filter(GroupEvent.InviteCancelled.class::isInstance)
                  .map(one -> ((GroupEvent.InviteCancelled) one).player())
                  .filter(player -> !player.equals(ann)))
          .hasSize(invited)
          .doesNotHaveDuplicates();
      assertThat(store.database().read("SELECT id FROM group_invite").isEmpty()).isTrue();
      assertThat(
              store
                  .database()
                  .read("SELECT id FROM player_group WHERE closed_ms IS NULL")
                  .isEmpty())
          .isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void notifiesAnAdminOnceOfARequestThatIsCancelledAndRepeated(TestStore store) {
    try (var node = new Node(store)) {
      PlayerId ann = node.createPlayer("Ann");
      PlayerId bob = node.createPlayer("Bob");
      GroupId group = node.createGroup(ann, "private");
      for (int i = 0; i < 3; i++) {
        node.ask(new CancelRequest(bob, node.ask(new Join(bob, group, null)).id()));
      }
      assertThat(node.notifications(ann)).isEqualTo(1);

      node.ask(new Reject(ann, node.ask(new Join(bob, group, null)).id()));
      node.ask(new Join(bob, group, null));
      assertThat(node.notifications(ann)).as("an admin has answered meanwhile").isEqualTo(2);
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void notifiesAnAdminAgainWhoHasReadOrDeletedTheNotification(TestStore store) {
    try (var node = new Node(store)) {
      PlayerId ann = node.createPlayer("Ann");
      PlayerId bob = node.createPlayer("Bob");
      GroupId group = node.createGroup(ann, "private");
      int notified = 0;
      for (String change :
          List.of("UPDATE notification SET is_read = 1", "DELETE FROM notification")) {
        node.ask(new CancelRequest(bob, node.ask(new Join(bob, group, null)).id()));
        assertThat(node.notifications(ann)).isEqualTo(++notified);
        store.database().write(tx -> tx.run(change));
      }
      node.ask(new Join(bob, group, null));
      assertThat(node.notifications(ann)).isEqualTo(notified + 1);
    }
  }

  @ParameterizedTest
  @MethodSource(ALL)
  void limitsTheNotificationsOfAMemberToAGroup(TestStore store) {
    try (var node = new Node(store)) {
      PlayerId ann = node.createPlayer("Ann");
      PlayerId bob = node.createPlayer("Bob");
      GroupId group = node.createGroup(ann, "public");
      int max = Limits.DEFAULTS.groupNoticesMax();
      for (int i = 0; i <= max; i++) {
        assertThat(node.ask(notice(ann, group))).as("nobody to notify").isZero();
      }
      node.ask(new Join(bob, group, null));
      for (int i = 0; i < max; i++) {
        assertThat(node.ask(notice(ann, group))).isEqualTo(1);
      }

      assertThat(node.bus.refusal(notice(ann, group)))
          .isEqualTo(new Limited("too_many_notifications", Duration.ofMinutes(1)));
      assertThat(node.ask(notice(bob, group))).as("of another member").isEqualTo(1);
      store.clock().advance(Duration.ofMinutes(1));
      assertThat(node.ask(notice(ann, group))).isEqualTo(1);
      assertThat(node.bus.refusal(notice(ann, group)))
          .isEqualTo(new Limited("too_many_notifications", Duration.ofMinutes(2)));
    }
  }

  private static NotifyAll notice(PlayerId sender, GroupId group) {
    return new NotifyAll(sender, group, TITLE, "", Map.of(), null);
  }

  /** Serves groups from one store. */
  private static final class Node implements AutoCloseable {
    private final TestStore store;
    private final TestBus bus = new TestBus();
    private final SeededIds ids = new SeededIds(1);

    Node(TestStore store) {
      this.store = store;
      bus.deploy(
          new GroupVerticle(
              bus.bus(),
              store.database(),
              new Players(store.clock()),
              new NotificationWriter(),
              new GroupPresence(store.database(), new SimpleMeterRegistry(), _ -> {}),
              TestClusterMember.join(store, "node").scheduler(),
              Limits.DEFAULTS,
              new LocalCounters(store.clock())));
    }

    <R> R ask(Command<R> command) {
      return bus.ask(command);
    }

    PlayerId createPlayer(String device) {
      var credentials = new Credentials(store.clock(), ids, TestStore.DIGESTS);
      return store
          .database()
          .write(tx -> credentials.findOrCreateByDevice(tx, Set.of(device)).get(device).player());
    }

    GroupId createGroup(PlayerId owner, String type) {
      var settings = new Settings(TITLE, null, type, null, null, null);
      return ask(new Create(owner, settings, null)).id();
    }

    /** The events on the player's stream. */
    List<Event> events(PlayerId player) {
      return store.published().stream()
          .filter(one -> one.stream().equals(Topic.player(player)))
          .map(CommittedEvent::event)
          .toList();
    }

    /** How many notifications the player was sent. */
    long notifications(PlayerId player) {
      return events(player).stream().filter(NotificationEvent.Posted.class::isInstance).count();
    }

    @Override
    public void close() {
      bus.close();
    }
  }
}

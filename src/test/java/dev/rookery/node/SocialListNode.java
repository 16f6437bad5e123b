package dev.rookery.node;

import dev.rookery.base.Limits;
import dev.rookery.bus.Command;
import dev.rookery.chat.ChatFilters;
import dev.rookery.chat.ChatVerticle;
import dev.rookery.chat.DirectMessagePurge;
import dev.rookery.friend.FriendPresence;
import dev.rookery.friend.FriendVerticle;
import dev.rookery.friend.Friends;
import dev.rookery.group.GroupPresence;
import dev.rookery.group.GroupVerticle;
import dev.rookery.group.Groups;
import dev.rookery.lobby.Lobbies;
import dev.rookery.notification.NotificationSettings;
import dev.rookery.notification.NotificationVerticle;
import dev.rookery.notification.NotificationWriter;
import dev.rookery.party.Parties;
import dev.rookery.party.PartyVerticle;
import dev.rookery.player.Players;
import dev.rookery.store.Database;
import dev.rookery.store.LongLists;
import dev.rookery.testkit.TestBus;
import dev.rookery.testkit.TestClusterMember;
import dev.rookery.testkit.TestStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** The domains whose lists {@link SocialListBench} measures. */
final class SocialListNode implements AutoCloseable {
  private final TestBus bus = new TestBus();

  SocialListNode(TestStore store, Database database) {
    var nanos = new AtomicLong();
    var member = TestClusterMember.join(store, "node", nanos::get);
    // Without heartbeats for a day it runs no periodic jobs, whose reads would be measured too.
    nanos.set(Duration.ofDays(1).toNanos());
    var players = new Players(store.clock());
    var notifications = new NotificationWriter();
    var scheduler = member.scheduler();
    bus.deploy(
        new NotificationVerticle(
            bus.bus(),
            database,
            players,
            notifications,
            new NotificationSettings(
                Limits.DEFAULTS, scheduler, store.clock(), Duration.ofDays(90), 1_000)));
    bus.deploy(
        new FriendVerticle(
            bus.bus(),
            database,
            players,
            notifications,
            new FriendPresence(database, store.meters(), _ -> {}),
            new DirectMessagePurge(),
            Limits.DEFAULTS,
            store.clock()));
    bus.deploy(
        new GroupVerticle(
            bus.bus(),
            database,
            players,
            notifications,
            new GroupPresence(database, store.meters(), _ -> {}),
            scheduler,
            Limits.DEFAULTS,
            null));
    bus.deploy(
        new PartyVerticle(
            bus.bus(),
            database,
            players,
            new Friends(),
            new Groups()::shareGroup,
            notifications,
            scheduler,
            Limits.DEFAULTS,
            new LongLists(store.clock())));
    bus.deploy(
        new ChatVerticle(
            bus.bus(),
            database,
            players,
            new Friends(),
            new Groups(),
            new Parties(players),
            new Lobbies(),
            Limits.DEFAULTS,
            scheduler,
            store.clock(),
            new ChatFilters(new SimpleMeterRegistry())));
  }

  <R> R ask(Command<R> command) {
    return bus.ask(command);
  }

  @Override
  public void close() {
    bus.close();
  }
}

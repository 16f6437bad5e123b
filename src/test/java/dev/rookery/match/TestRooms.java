package dev.rookery.match;

import dev.rookery.game.Game;
import dev.rookery.testkit.SeededIds;
import dev.rookery.testkit.TestClusterMember;
import dev.rookery.testkit.TestStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.util.List;

/** Rooms without the rest of a node. */
final class TestRooms {
  private TestRooms() {}

  static RoomDependencies dependencies(TestStore store, TestClusterMember owner, Game game) {
    var stores = new RoomStores();
    var actions = new ActionWriter(store.database(), stores.matches());
    actions.start(((VertxInternal) store.vertx()).createVirtualThreadContext());
    return new RoomDependencies(
        store.database(),
        stores,
        actions,
        new Games(List.of(game)),
        owner.leases(),
        owner.membership()::run,
        store.clock(),
        new SeededIds(3),
        new MatchSettings(Duration.ofHours(1), Duration.ofHours(1), 5, 10),
        RoomMeters.of(new SimpleMeterRegistry()));
  }

  /** A room that a member of the cluster owns. */
  static Room own(TestStore store, TestClusterMember owner, String room, Game game) {
    return new Room(
        dependencies(store, owner, game),
        room,
        owner.leases().acquire("match/" + room).orElseThrow());
  }
}

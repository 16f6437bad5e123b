package dev.rookery.match;

import dev.rookery.game.Game;
import dev.rookery.store.Database;
import dev.rookery.testkit.SeededIds;
import dev.rookery.testkit.TestClusterMember;
import dev.rookery.testkit.TestStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rooms without the rest of a node. */
final class TestRooms {
  private TestRooms() {}

  static RoomDependencies dependencies(TestStore store, TestClusterMember owner, Game game) {
    return dependencies(store, store.database(), owner, game, null);
  }

  /**
   * @param database what the rooms write to
   * @param controlPlane null for none
   */
  static RoomDependencies dependencies(
      TestStore store,
      Database database,
      TestClusterMember owner,
      Game game,
      @Nullable ControlPlane controlPlane) {
    var stores = new RoomStores();
    var actions = new ActionWriter(database, stores.matches(), controlPlane != null);
    actions.start(((VertxInternal) store.vertx()).createVirtualThreadContext());
    return new RoomDependencies(
        database,
        stores,
        actions,
        new Games(List.of(game)),
        new InitialProfiles(database, controlPlane),
        owner.leases(),
        owner.membership()::run,
        store.clock(),
        new SeededIds(3),
        new MatchSettings(Duration.ofHours(1), Duration.ofHours(1), 5, 10, true),
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

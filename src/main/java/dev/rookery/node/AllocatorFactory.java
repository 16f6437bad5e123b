package dev.rookery.node;

import dev.rookery.allocation.AgonesAllocator;
import dev.rookery.allocation.Allocator;
import dev.rookery.allocation.GameFlowAllocator;
import dev.rookery.allocation.GameFlowMatchmaker;
import dev.rookery.allocation.LocalAllocator;
import dev.rookery.allocation.LocalAllocator.RelayAddress;
import dev.rookery.config.AllocationConfig;
import dev.rookery.config.NodeConfig;
import dev.rookery.match.ControlPlane;
import dev.rookery.match.Games;
import dev.rookery.match.MatchAllocator;
import dev.rookery.store.Database;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Creates the configured allocator of game servers or rooms. */
final class AllocatorFactory {
  private static final Duration BACK_OFF = Duration.ofSeconds(1);

  private AllocatorFactory() {}

  /** Null where Rookery does the matchmaking itself. */
  static @Nullable GameFlowMatchmaker createMatchmaker(NodeConfig config, Vertx vertx) {
    var allocation = config.allocation();
    if (allocation.effectiveProvider() != AllocationConfig.ServerProvider.GAMEFLOW) {
      return null;
    }
    var gameFlow = allocation.gameFlow();
    return new GameFlowMatchmaker(
        vertx,
        gameFlow.url(),
        Objects.requireNonNull(gameFlow.game()),
        Objects.requireNonNull(gameFlow.key()).value(),
        gameFlow.mode(),
        gameFlow.region(),
        BACK_OFF);
  }

  static Allocator createAllocator(
      NodeServices services, Database database, Games games, @Nullable ControlPlane controlPlane) {
    NodeConfig config = services.config();
    Vertx vertx = services.vertx();
    Supplier<RelayAddress> here =
        () -> new RelayAddress(config.http().publicHost(), services.port().getAsInt());
    var allocation = config.allocation();
    return switch (allocation.effectiveProvider()) {
      case LOCAL -> new LocalAllocator(here);
      case MATCH ->
          new MatchAllocator(
              database,
              games,
              services.clock(),
              services.ids(),
              allocation.match().game(),
              here,
              controlPlane);
      case GAMEFLOW -> {
        var gameFlow = allocation.gameFlow();
        yield new GameFlowAllocator(
            vertx,
            gameFlow.url(),
            Objects.requireNonNull(gameFlow.game()),
            Objects.requireNonNull(gameFlow.key()).value(),
            gameFlow.region(),
            allocation.within());
      }
      case AGONES -> {
        var agones = allocation.agones();
        yield new AgonesAllocator(
            vertx,
            Objects.requireNonNull(agones.url()),
            agones.namespace(),
            agones.fleet(),
            allocation.within());
      }
    };
  }
}

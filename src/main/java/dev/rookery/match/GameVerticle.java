package dev.rookery.match;

import dev.rookery.base.FatalErrors;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Done;
import dev.rookery.bus.OwnThread;
import dev.rookery.cluster.NodeCalls;
import dev.rookery.cluster.RowFollower;
import dev.rookery.game.script.ScriptEngine;
import dev.rookery.store.Database;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves {@link GameCommand}s, and makes this node run the versions of games that the rows say. A
 * change is answered when the other nodes run them too.
 */
public final class GameVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(GameVerticle.class);
  private static final long SCAN_MS = 500;

  private final Bus bus;
  private final NodeCalls calls;
  private final GameDeployments deployments;
  private final @Nullable GameFolder folder;
  private final AtomicBoolean scanning = new AtomicBoolean();
  private final MeterRegistry meters;

  @SuppressWarnings("NullAway.Init")
  private RowFollower versions;

  /**
   * @param folder whose games are deployed when they change; null for none
   */
  public GameVerticle(
      Bus bus,
      NodeCalls calls,
      Database database,
      ScriptEngine engine,
      Games games,
      @Nullable Path folder) {
    this.bus = bus;
    this.calls = calls;
    this.meters = database.registry();
    this.deployments = new GameDeployments(database, engine, games);
    this.folder = folder == null ? null : new GameFolder(folder, deployments);
  }

  @Override
  public Future<?> start() {
    versions = new RowFollower(vertx, calls, meters, "versions of games", deployments::follow);
    versions.start();
    GameFolder watched = folder;
    if (watched != null) {
      vertx.setPeriodic(SCAN_MS, _ -> scanLater(watched));
    }
    // Not awaited: many games must not keep a node from starting, and rooms load what they need.
    var _ = versions.followSoon();
    return bus.<GameCommand<?>>serve(GameCommand.ADDRESS, this::handle);
  }

  @Override
  public Future<?> stop() {
    versions.close();
    return Future.succeededFuture();
  }

  private void scanLater(GameFolder watched) {
    if (scanning.compareAndSet(false, true)) {
      Thread.ofVirtual().name("games folder").start(() -> scan(watched));
    }
  }

  private void scan(GameFolder watched) {
    try {
      if (watched.scan()) {
        versions.announce();
      }
    } catch (RuntimeException | Error failure) {
      FatalErrors.endIfFatal(failure);
      LOG.warn("the folder of games cannot be followed: {}", failure.getMessage());
    } finally {
      scanning.set(false);
    }
  }

  /** On a thread of its own, because scripts run for a while. */
  private Object handle(GameCommand<?> command) {
    if (command instanceof GameCommand.ReadFile(var gameKey, var version, var path)) {
      return deployments.readFile(gameKey, version, path);
    }
    return OwnThread.runInScope("game command", () -> carryOut(command)).await();
  }

  private Object carryOut(GameCommand<?> command) {
    return switch (command) {
      case GameCommand.Deploy deploy -> {
        var info = deployments.deploy(deploy);
        versions.announceAndWait();
        yield info;
      }
      case GameCommand.Activate(var gameKey, var version) -> {
        deployments.activate(gameKey, version);
        versions.announceAndWait();
        yield Done.DONE;
      }
      case GameCommand.Remove(var gameKey, var version) -> {
        deployments.remove(gameKey, version);
        versions.announceAndWait();
        yield Done.DONE;
      }
      case GameCommand.ListAll() ->
          new GameListing(deployments.list(), folder == null ? List.of() : folder.problems());
      case GameCommand.ListPlayable() -> deployments.playable();
      case GameCommand.ReadFile(var gameKey, var version, var path) ->
          deployments.readFile(gameKey, version, path);
    };
  }
}

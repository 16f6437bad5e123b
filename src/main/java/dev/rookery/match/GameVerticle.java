package dev.rookery.match;

import dev.rookery.base.FatalErrors;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Done;
import dev.rookery.bus.OwnThread;
import dev.rookery.game.script.ScriptEngine;
import dev.rookery.store.Database;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves {@link GameCommand}s, and makes this node run the versions of games that the rows say:
 * after a message of the node that changed them, and once a second in case it was lost.
 */
public final class GameVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(GameVerticle.class);
  private static final String WAKE = "game-versions";
  private static final long FOLLOW_MS = 1_000;
  private static final long SCAN_MS = 500;
  private static final Buffer CHANGED = Buffer.buffer("changed");

  private final Bus bus;
  private final GameDeployments deployments;
  private final @Nullable GameFolder folder;
  private final AtomicBoolean following = new AtomicBoolean();
  private final AtomicBoolean scanning = new AtomicBoolean();

  /**
   * @param folder whose games are deployed when they change; null for none
   */
  public GameVerticle(
      Bus bus, Database database, ScriptEngine engine, Games games, @Nullable Path folder) {
    this.bus = bus;
    this.deployments = new GameDeployments(database, engine, games);
    this.folder = folder == null ? null : new GameFolder(folder, deployments);
  }

  @Override
  public Future<?> start() {
    vertx.setPeriodic(FOLLOW_MS, _ -> followLater());
    GameFolder watched = folder;
    if (watched != null) {
      vertx.setPeriodic(SCAN_MS, _ -> scanLater(watched));
    }
    // Not awaited: many games must not keep a node from starting, and rooms load what they need.
    followLater();
    return Future.all(
        bus.listenToOthers(WAKE, _ -> followLater()),
        bus.<GameCommand<?>>serve(GameCommand.ADDRESS, this::handle));
  }

  private void followLater() {
    if (following.compareAndSet(false, true)) {
      Thread.ofVirtual().name("game versions").start(this::followOnce);
    }
  }

  private void scanLater(GameFolder watched) {
    if (scanning.compareAndSet(false, true)) {
      Thread.ofVirtual().name("games folder").start(() -> scan(watched));
    }
  }

  private void scan(GameFolder watched) {
    try {
      if (watched.scan()) {
        bus.broadcast(WAKE, CHANGED);
      }
    } catch (RuntimeException | Error failure) {
      FatalErrors.endIfFatal(failure);
      LOG.warn("the folder of games cannot be followed: {}", failure.getMessage());
    } finally {
      scanning.set(false);
    }
  }

  private void followOnce() {
    following.set(false);
    try {
      deployments.follow();
    } catch (RuntimeException | Error failure) {
      FatalErrors.endIfFatal(failure);
      LOG.warn("versions of games cannot be followed: {}", failure.getMessage());
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
        bus.broadcast(WAKE, CHANGED);
        yield info;
      }
      case GameCommand.Activate(var gameKey, var version) -> {
        deployments.activate(gameKey, version);
        bus.broadcast(WAKE, CHANGED);
        yield Done.DONE;
      }
      case GameCommand.Remove(var gameKey, var version) -> {
        deployments.remove(gameKey, version);
        bus.broadcast(WAKE, CHANGED);
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

package dev.rookery.script;

import dev.rookery.base.FatalErrors;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Done;
import dev.rookery.bus.OwnThread;
import dev.rookery.store.Database;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves {@link ScriptCommand}s, gives the files of the folder to all nodes, and makes this node
 * serve the scripts that the rows say: after a message of the node that changed them, and once a
 * second in case it was lost.
 */
public final class ScriptVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(ScriptVerticle.class);
  private static final String WAKE = "lua-scripts";
  private static final long FOLLOW_MS = 1_000;
  private static final Buffer CHANGED = Buffer.buffer("changed");

  private final Bus bus;
  private final ScriptDeployments deployments;
  private final AdminScriptRuns runs;
  private final Path folder;
  private final AtomicBoolean following = new AtomicBoolean();
  private @Nullable ScriptFolder watched;

  /**
   * @param folder of scripts; need not exist
   * @param nodeName of this node, by which its folder is told from those of others
   */
  public ScriptVerticle(
      Bus bus,
      Database database,
      Scripts scripts,
      Path folder,
      InstantSource clock,
      MeterRegistry meters,
      RandomGenerator random,
      String nodeName) {
    this.bus = bus;
    this.folder = folder;
    this.deployments =
        new ScriptDeployments(
            database, scripts, clock, meters, nodeName, () -> bus.broadcast(WAKE, CHANGED));
    this.runs = new AdminScriptRuns(database, scripts, clock, random);
  }

  @Override
  public Future<?> start() {
    vertx.setPeriodic(FOLLOW_MS, _ -> followLater());
    return Future.all(
            // Awaited: a call that comes first must not find the script of the server.
            OwnThread.run("lua scripts", this::followFirst),
            bus.listenToOthers(WAKE, _ -> followLater()),
            bus.<ScriptCommand<?>>serve(ScriptCommand.ADDRESS, this::handle))
        .onSuccess(
            _ -> {
              watched = new ScriptFolder(vertx, folder, deployments);
              watched.start();
            });
  }

  private Done followFirst() {
    followOnce();
    return Done.DONE;
  }

  private void followLater() {
    if (following.compareAndSet(false, true)) {
      Thread.ofVirtual().name("lua scripts").start(this::followOnce);
    }
  }

  private void followOnce() {
    following.set(false);
    try {
      deployments.follow();
    } catch (RuntimeException | Error failure) {
      FatalErrors.endIfFatal(failure);
      LOG.warn("scripts cannot be followed: {}", failure.getMessage());
    }
  }

  /** On a thread of its own, because the engine may take a while. */
  private Object handle(ScriptCommand<?> command) {
    return OwnThread.runInScope("script command", () -> carryOut(command)).await();
  }

  private Object carryOut(ScriptCommand<?> command) {
    return switch (command) {
      case ScriptCommand.Put put -> deployments.put(put);
      case ScriptCommand.Check(var name, var source) -> deployments.check(name, source);
      case ScriptCommand.Remove(var name) -> {
        deployments.remove(name);
        yield Done.DONE;
      }
      case ScriptCommand.RollBack(var name) -> deployments.rollBack(name);
      case ScriptCommand.ListAll() -> deployments.list();
      case ScriptCommand.Inspect(var name, var version) -> deployments.inspect(name, version);
      case ScriptCommand.TestRun run -> runs.test(run);
      case ScriptCommand.RunLive run -> runs.live(run);
    };
  }

  @Override
  public Future<?> stop() {
    if (watched != null) {
      watched.close();
    }
    deployments.close();
    return Future.succeededFuture();
  }
}

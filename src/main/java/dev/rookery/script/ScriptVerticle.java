package dev.rookery.script;

import dev.rookery.bus.Bus;
import dev.rookery.bus.Done;
import dev.rookery.bus.OwnThread;
import dev.rookery.cluster.NodeCalls;
import dev.rookery.cluster.RowFollower;
import dev.rookery.store.Database;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Serves {@link ScriptCommand}s, gives the files of the folder to all nodes, and makes this node
 * serve the scripts that the rows say. A change is answered when the other nodes serve it too.
 */
public final class ScriptVerticle extends VerticleBase {
  private final Bus bus;
  private final NodeCalls calls;
  private final MeterRegistry meters;
  private final ScriptDeployments deployments;
  private final AdminScriptRuns runs;
  private final Path folder;
  private @Nullable ScriptFolder watched;

  @SuppressWarnings("NullAway.Init")
  private RowFollower rows;

  /**
   * @param folder of scripts; need not exist
   * @param nodeName of this node, by which its folder is told from those of others
   */
  public ScriptVerticle(
      Bus bus,
      NodeCalls calls,
      Database database,
      Scripts scripts,
      Path folder,
      InstantSource clock,
      MeterRegistry meters,
      RandomGenerator random,
      String nodeName) {
    this.bus = bus;
    this.calls = calls;
    this.meters = meters;
    this.folder = folder;
    this.deployments =
        new ScriptDeployments(database, scripts, clock, meters, nodeName, () -> rows.announce());
    this.runs = new AdminScriptRuns(database, scripts, clock, random);
  }

  @Override
  public Future<?> start() {
    rows = new RowFollower(vertx, calls, meters, "lua scripts", deployments::follow);
    rows.start();
    return Future.all(
            // Awaited: a call that comes first must not find the script of the server.
            rows.followNow(), bus.<ScriptCommand<?>>serve(ScriptCommand.ADDRESS, this::handle))
        .onSuccess(
            _ -> {
              watched = new ScriptFolder(vertx, folder, deployments);
              watched.start();
            });
  }

  /** On a thread of its own, because the engine may take a while. */
  private Object handle(ScriptCommand<?> command) {
    return OwnThread.runInScope("script command", () -> carryOut(command)).await();
  }

  private Object carryOut(ScriptCommand<?> command) {
    return switch (command) {
      case ScriptCommand.Put put -> followed(deployments.put(put));
      case ScriptCommand.Check(var name, var source) -> deployments.check(name, source);
      case ScriptCommand.Remove(var name) -> {
        deployments.remove(name);
        yield followed(Done.DONE);
      }
      case ScriptCommand.RollBack(var name) -> followed(deployments.rollBack(name));
      case ScriptCommand.ListAll() -> deployments.list();
      case ScriptCommand.Inspect(var name, var version) -> deployments.inspect(name, version);
      case ScriptCommand.TestRun run -> runs.test(run);
      case ScriptCommand.RunLive run -> runs.live(run);
    };
  }

  /** The answer to a change, which all nodes follow. */
  private <T> T followed(T answer) {
    rows.announceAndWait();
    return answer;
  }

  @Override
  public Future<?> stop() {
    rows.close();
    if (watched != null) {
      watched.close();
    }
    deployments.close();
    return Future.succeededFuture();
  }
}

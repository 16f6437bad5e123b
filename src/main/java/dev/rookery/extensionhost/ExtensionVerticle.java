package dev.rookery.extensionhost;

import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Done;
import dev.rookery.bus.OwnThread;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;

/** Serves the management of extensions, and hears of changes that other nodes made. */
public final class ExtensionVerticle extends VerticleBase {
  private final Bus bus;
  private final ExtensionDeployments deployments;

  public ExtensionVerticle(Bus bus, ExtensionDeployments deployments) {
    this.bus = bus;
    this.deployments = deployments;
  }

  @Override
  public Future<?> start() {
    return bus.listenToOthers(ClusterView.WAKE, _ -> deployments.followLater())
        .compose(_ -> bus.<ExtensionCommand<?>>serve(ExtensionCommand.ADDRESS, this::handle));
  }

  /**
   * Carries out a command on a thread without a context. Commands wait for each other's lock, and
   * one that waited on this context would keep the holder from going on, which waits for the
   * database meanwhile.
   */
  private Object handle(ExtensionCommand<?> command) {
    return OwnThread.run("extension command", () -> carryOut(command)).await();
  }

  private Object carryOut(ExtensionCommand<?> command) {
    return switch (command) {
      case ExtensionCommand.Upload(var name, var jar) -> deployments.upload(name, jar);
      case ExtensionCommand.Rollback(var name, var digest) -> deployments.rollback(name, digest);
      case ExtensionCommand.Remove(var name) -> {
        if (!deployments.remove(name)) {
          throw Refused.missing("not_found");
        }
        yield Done.DONE;
      }
      case ExtensionCommand.ListAll() -> deployments.list();
      case ExtensionCommand.ListJobs(var name) -> deployments.jobs(name);
      case ExtensionCommand.RunJob(var name, var job) -> {
        deployments.runJob(name, job);
        yield Done.DONE;
      }
      case ExtensionCommand.ListParked(var name, var page) -> deployments.parked(name, page);
      case ExtensionCommand.RetryParked(var name, var id) -> {
        deployments.retryParked(name, id);
        yield Done.DONE;
      }
      case ExtensionCommand.DropParked(var name, var id) -> {
        deployments.dropParked(name, id);
        yield Done.DONE;
      }
    };
  }
}

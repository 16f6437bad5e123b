package dev.rookery.extensionhost;

import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Done;
import dev.rookery.bus.OwnThread;
import dev.rookery.extensionhost.ExtensionCommand.CallReport;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Serves the management of extensions. */
public final class ExtensionVerticle extends VerticleBase {
  private final Bus bus;
  private final ExtensionDeployments deployments;

  public ExtensionVerticle(Bus bus, ExtensionDeployments deployments) {
    this.bus = bus;
    this.deployments = deployments;
  }

  @Override
  public Future<?> start() {
    return bus.<ExtensionCommand<?>>serve(ExtensionCommand.ADDRESS, this::handle);
  }

  /**
   * Carries out a command on a thread without a context. Commands wait for each other's lock, and
   * one that waited on this context would keep the holder from going on, which waits for the
   * database meanwhile.
   */
  private Object handle(ExtensionCommand<?> command) {
    if (command instanceof ExtensionCommand.CallFunction call) {
      return call(call);
    }
    return OwnThread.runInScope("extension command", () -> carryOut(command)).await();
  }

  /** On this context, on which the outcome completes. */
  private CallReport call(ExtensionCommand.CallFunction call) {
    List<?> arguments = arguments(call.arguments());
    long started = System.nanoTime();
    CallOutcome outcome =
        deployments.call(call.name(), call.function(), arguments, call.caller()).await();
    long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);
    return switch (outcome) {
      case CallOutcome.Returned(var value) -> new CallReport("done", Json.encode(value), took);
      case CallOutcome.Rejected(var reason) -> new CallReport("refused", reason, took);
      case CallOutcome.Failed(var failure) ->
          new CallReport("failed", failure.name().toLowerCase(Locale.ROOT), took);
    };
  }

  private static List<?> arguments(String text) {
    try {
      List<?> arguments = text.isBlank() ? List.of() : new JsonArray(text).getList();
      if (arguments.size() <= ExtensionCommand.ARGUMENTS_MAX) {
        return arguments;
      }
    } catch (DecodeException | ClassCastException _) {
      throw Refused.invalid("args", "is not a JSON array");
    }
    throw Refused.invalid("args", "has more than " + ExtensionCommand.ARGUMENTS_MAX + " values");
  }

  private Object carryOut(ExtensionCommand<?> command) {
    return switch (command) {
      case ExtensionCommand.Upload(var name, var jar) -> deployments.upload(name, jar);
      case ExtensionCommand.Rollback(var name, var digest) -> deployments.rollback(name, digest);
      case ExtensionCommand.Remove(var name) -> {
        deployments.remove(name);
        yield Done.DONE;
      }
      case ExtensionCommand.ListAll() -> deployments.list();
      case ExtensionCommand.ListFunctions(var name) -> deployments.functions(name);
      case ExtensionCommand.ListHooks(var name) -> deployments.hooks(name);
      case ExtensionCommand.CallFunction call -> call(call);
      case ExtensionCommand.ListSchedules() -> deployments.schedules();
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

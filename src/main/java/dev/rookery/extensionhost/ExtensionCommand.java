package dev.rookery.extensionhost;

import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.bus.Command;
import dev.rookery.bus.Done;
import dev.rookery.consumer.ParkedEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Management of the extensions of the cluster, by admins. */
public sealed interface ExtensionCommand<R> extends Command<R> {
  String ADDRESS = "extensions";

  @Override
  default String address() {
    return ADDRESS;
  }

  /**
   * Deploys a jar on all nodes; answered when all have switched to it. Refused with {@code
   * extension_rejected} and the reason if it is unusable or a node cannot start it, which changes
   * nothing, and with {@code deployment_in_progress} while another one of the name goes on.
   */
  record Upload(String name, byte[] jar) implements ExtensionCommand<ExtensionDeployment> {}

  /**
   * Deploys one of the last five versions again.
   *
   * @param digest null for the version before the current one
   */
  record Rollback(String name, @Nullable String digest)
      implements ExtensionCommand<ExtensionDeployment> {}

  /** Takes an extension out of service on all nodes. */
  record Remove(String name) implements ExtensionCommand<Done> {}

  /** Lists all extensions, as this node sees them. */
  record ListAll() implements ExtensionCommand<List<Listing>> {}

  /** Lists the scheduled jobs of an extension, by name. */
  record ListJobs(String name) implements ExtensionCommand<List<Job>> {}

  /** Lists the scheduled jobs of all extensions; at most {@link #SCHEDULES_MAX}. */
  record ListSchedules() implements ExtensionCommand<List<Schedule>> {}

  /** Maximum number of jobs of all extensions in an answer. */
  int SCHEDULES_MAX = 500;

  /** A job with its extension. */
  record Schedule(String extension, Job job) {}

  /**
   * Runs a job now, on the node that answers, besides its times. Answered when the run has begun.
   * Refused with {@code not_found}, and with {@code job_running} while a run of it goes on.
   */
  record RunJob(String name, String job) implements ExtensionCommand<Done> {}

  /** Lists the changes whose hooks kept failing, latest first, of the newest 10,000. */
  record ListParked(String name, Page.Request page)
      implements ExtensionCommand<Page<ParkedEvent>> {}

  /**
   * Runs the hooks once more after a change that was parked. Refused with {@code not_found}, {@code
   * retry_in_progress}, and with {@code hook_failed} if they fail again, which leaves it parked.
   */
  record RetryParked(String name, long id) implements ExtensionCommand<Done> {}

  /** Gives up a change that was parked. */
  record DropParked(String name, long id) implements ExtensionCommand<Done> {}

  /** Lists the functions of an extension on this node, by name. {@code Missing("not_found")}. */
  record ListFunctions(String name) implements ExtensionCommand<List<FunctionListing>> {}

  /**
   * Lists the hooks of an extension with their figures on this node. {@code Missing("not_found")}.
   */
  record ListHooks(String name) implements ExtensionCommand<List<HookFigures>> {}

  /**
   * Calls a function as a player does, on the node that answers.
   *
   * <p>{@code Invalid} {@code args} if they are no JSON array or too many.
   *
   * @param arguments JSON text of an array
   */
  record CallFunction(PlayerId caller, String name, String function, String arguments)
      implements ExtensionCommand<CallReport> {}

  /** Maximum number of arguments of a call. */
  int ARGUMENTS_MAX = 32;

  /**
   * How a call ended.
   *
   * @param outcome {@code done}, {@code refused} or {@code failed}
   * @param text the result as JSON text, the reason of the refusal, or why there is no result
   */
  record CallReport(String outcome, String text, long tookMs) {}

  /**
   * The hooks of an extension at one point.
   *
   * @param point such as {@code LOBBY_CREATE}
   * @param before whether they run before the change, and may refuse it
   * @param hooks how many there are
   * @param calls since the version runs on this node; of hooks before a change alone
   */
  record HookFigures(
      String point,
      boolean before,
      int hooks,
      long calls,
      long refusals,
      long failures,
      long timeSpentMs) {}

  /**
   * A scheduled job.
   *
   * @param schedule as a cron expression
   * @param nextMs when it runs next; null if it never does again
   * @param running whether a node carries it out
   * @param startedMs of the last run; null if there was none
   * @param endedMs of the last run; null if it has not ended
   * @param error why the last run failed; null if it did not
   */
  record Job(
      String name,
      String schedule,
      @Nullable Long nextMs,
      boolean running,
      @Nullable Long startedMs,
      @Nullable Long endedMs,
      @Nullable String error) {}

  /**
   * An extension.
   *
   * @param current null if none is active
   * @param here its state on the node that answers; null if it is not loaded there
   * @param nodes what living nodes said about the current deployment
   * @param versions the last deployments, newest first; the first five distinct versions that took
   *     over can be deployed again
   */
  record Listing(
      String name,
      @Nullable ExtensionDeployment current,
      @Nullable ExtensionStatus here,
      List<NodeReport> nodes,
      List<ExtensionDeployment> versions) {}

  /** What a node says about the current deployment. */
  record NodeReport(String node, ExtensionDeployment.Report report) {}
}

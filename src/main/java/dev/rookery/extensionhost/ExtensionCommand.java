package dev.rookery.extensionhost;

import dev.rookery.base.Page;
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

package dev.rookery.extensionhost;

import dev.rookery.bus.Command;
import dev.rookery.bus.Done;
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

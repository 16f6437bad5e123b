package dev.rookery.extensionhost;

import org.jspecify.annotations.Nullable;

/**
 * A change of the version of an extension in the whole cluster.
 *
 * @param digest SHA-256 of the jar in hexadecimal digits
 * @param reason why it was rejected
 * @param source {@code upload}, {@code rollback}, or {@code folder:} and the name of a node
 * @param decidedMs when it took over or was rejected; null while nodes start it
 */
public record ExtensionDeployment(
    long id,
    String name,
    String version,
    String digest,
    State state,
    @Nullable String reason,
    String source,
    long createdMs,
    @Nullable Long decidedMs) {

  /** Where a deployment stands. */
  public enum State {
    /** Nodes start it beside the version that runs. */
    PREPARING,
    /** It takes the calls on all nodes. */
    ACTIVE,
    /** A later one took over. */
    SUPERSEDED,
    /** The extension was taken out of service. */
    REMOVED,
    /** A node could not start it, or did not say so in time. */
    REJECTED
  }

  /**
   * What a node says about a deployment.
   *
   * @param ready whether the version is started there
   */
  public record Report(long run, boolean ready, @Nullable String reason, long startMs) {}
}

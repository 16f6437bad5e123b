package dev.rookery.bus;

import java.util.List;
import java.util.stream.Stream;

/**
 * The keys by which the nodes of a cluster authenticate to each other: one to prove who they are,
 * and during a rotation further ones that are accepted.
 *
 * @param cluster the name of the cluster
 * @param accepted all accepted keys; the first is the current one
 */
public record ClusterKeys(String cluster, List<ClusterKey> accepted) {
  public ClusterKeys {
    accepted = List.copyOf(accepted);
    if (accepted.isEmpty()) {
      throw new IllegalArgumentException("a cluster has at least one key");
    }
  }

  /**
   * @param secret the secret of the current key
   * @param others further secrets whose keys are accepted
   */
  public static ClusterKeys derive(String cluster, String secret, List<String> others) {
    return new ClusterKeys(
        cluster,
        Stream.concat(Stream.of(secret), others.stream())
            .distinct()
            .map(each -> new ClusterKey(cluster, each))
            .toList());
  }

  /** The key that this node uses itself. */
  public ClusterKey current() {
    return accepted.getFirst();
  }
}

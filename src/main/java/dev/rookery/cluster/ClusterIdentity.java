package dev.rookery.cluster;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * To which cluster a node belongs, and with which keys. Nodes that share a database must agree on
 * it, as they could not hear each other otherwise.
 *
 * @param cluster the name of the cluster; empty for a node that is in none
 * @param fingerprint identifies the key with which this node proves itself
 * @param accepted identifies the keys that it accepts from others
 */
public record ClusterIdentity(String cluster, String fingerprint, List<String> accepted) {
  public ClusterIdentity {
    accepted = List.copyOf(accepted);
  }

  /**
   * Why a node with this identity cannot run beside another one, as a sentence for the operator;
   * null if it can.
   */
  @Nullable String conflictWith(String otherNode, ClusterIdentity other) {
    if (!cluster.equals(other.cluster)) {
      return ("this node is in %s, but node %s, which runs on the same database, is in %s: give"
              + " both the same cluster.name (CLUSTER_NAME), or each cluster its own database")
          .formatted(describe(), otherNode, other.describe());
    }
    if (!accepted.contains(other.fingerprint)) {
      return ("the secret of this node (SECRET_KEY_BASE) is not that of node %s, which runs on the"
              + " same database: give both the same secret, and to replace it list the other"
              + " one in SECRET_KEY_BASE_PREVIOUS on every node first")
          .formatted(otherNode);
    }
    if (!other.accepted.contains(fingerprint)) {
      return ("node %s, which runs on the same database, does not accept the secret of this node"
              + " (SECRET_KEY_BASE) yet: list it in SECRET_KEY_BASE_PREVIOUS on every node first")
          .formatted(otherNode);
    }
    return null;
  }

  private String describe() {
    return cluster.isEmpty()
        ? "no cluster (CLUSTER_ENABLED is not true)"
        : "the cluster \"" + cluster + "\"";
  }
}

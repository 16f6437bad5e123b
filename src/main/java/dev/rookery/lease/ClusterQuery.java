package dev.rookery.lease;

import dev.rookery.bus.Command;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Queries about the nodes of the cluster, for operators. */
public sealed interface ClusterQuery<R> extends Command<R> {
  String ADDRESS = "cluster";

  @Override
  default String address() {
    return ADDRESS;
  }

  /** Lists the nodes that are alive. */
  record ListNodes() implements ClusterQuery<List<NodeStatus>> {}

  /**
   * Lists leases in the order of their names.
   *
   * @param kind the part of their names before the slash; empty for all
   * @param after the name after which they are wanted; empty for the first
   * @param max how many, at most {@value #LEASES_MAX}
   */
  record ListLeases(String kind, String after, int max) implements ClusterQuery<List<OwnedLease>> {
    public static final int LEASES_MAX = 200;
  }

  /** Finds a lease by its whole name. */
  record FindLease(String name) implements ClusterQuery<Optional<OwnedLease>> {}

  /**
   * A lease with its owner.
   *
   * @param node the name of the node that holds it; null if no living node does
   */
  record OwnedLease(String name, long run, long epoch, @Nullable String node) {}
}

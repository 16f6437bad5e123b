package dev.rookery.lease;

import dev.rookery.bus.Command;
import java.util.List;

/** Queries about the nodes of the cluster, for operators. */
public sealed interface ClusterQuery<R> extends Command<R> {
  String ADDRESS = "cluster";

  @Override
  default String address() {
    return ADDRESS;
  }

  /** Lists the nodes that are alive. */
  record ListNodes() implements ClusterQuery<List<NodeStatus>> {}
}

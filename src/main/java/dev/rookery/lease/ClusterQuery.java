package dev.rookery.lease;

import dev.rookery.bus.Command;
import java.util.List;

/** What an operator asks about the nodes. */
public sealed interface ClusterQuery<R> extends Command<R> {
  String ADDRESS = "cluster";

  @Override
  default String address() {
    return ADDRESS;
  }

  /** All runs that live. */
  record ListNodes() implements ClusterQuery<List<NodeStatus>> {}
}

package dev.rookery.console;

import dev.rookery.bus.Command;
import dev.rookery.bus.Done;

/**
 * Ends the run of a node from outside: from the commit on, all that it owned is free for other
 * nodes, and what it still writes as an owner is refused. When the node notices, it closes its
 * sockets and ends its process.
 *
 * <p>{@code Missing("node_not_found")}; {@code Conflict("run_changed")} if that run has ended;
 * {@code Conflict("last_node")} if no other node is ready.
 *
 * @param run the run that the admin has seen
 */
public record FenceNode(String node, long run) implements Command<Done> {
  static final String ADDRESS = "console.fence";

  @Override
  public String address() {
    return ADDRESS;
  }
}

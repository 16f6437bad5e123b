package dev.rookery.console;

import java.util.List;

/** The clients of this node that have used up a limit of requests. */
public interface LimitedClients {
  /** A client, as {@link OperationsQuery.Limited} has it. */
  record Client(String limit, String network, int count, long waitMs) {}

  /** Those that are limited now, at most so many of each limit. */
  List<Client> list(int max);

  /** Lets the clients of a network begin anew. */
  void forget(String network);
}

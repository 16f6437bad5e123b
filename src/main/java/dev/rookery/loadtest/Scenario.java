package dev.rookery.loadtest;

import io.vertx.core.Future;
import java.util.List;

/** One way to use a server, from the first sign-in to the last socket closed. */
interface Scenario {
  /** What is counted: {@code deliveries}. */
  String unit();

  /** Does all of it: preparations, the warm-up, and the part that is measured. */
  Future<Void> run();

  /** What else is worth knowing, a line each. */
  default List<String> notes() {
    return List.of();
  }
}

package dev.rookery.loadtest;

import io.vertx.core.Future;
import java.util.List;

/** A load scenario, from the first sign-in to the last closed socket. */
interface Scenario {
  /** The unit that is counted, such as {@code deliveries}. */
  String unit();

  /** Runs the scenario: preparation, warm-up, and measurement. */
  Future<Void> run();

  /** Further results, one line each. */
  default List<String> notes() {
    return List.of();
  }
}

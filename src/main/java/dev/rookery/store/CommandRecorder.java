package dev.rookery.store;

import dev.rookery.bus.CommandScope;
import java.util.List;

/** Writes down in a transaction on whose behalf it was made. */
@FunctionalInterface
public interface CommandRecorder {
  /**
   * Records the commands that a transaction carries out.
   *
   * @param scopes of one command, or of those of a batch, in the order of their arrival
   */
  void record(Transaction tx, List<CommandScope> scopes);
}

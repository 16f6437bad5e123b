package dev.rookery.store;

import dev.rookery.bus.CommandScope;

/** Writes down in a transaction on whose behalf it was made. */
@FunctionalInterface
public interface CommandRecorder {
  void record(Transaction tx, CommandScope scope);
}

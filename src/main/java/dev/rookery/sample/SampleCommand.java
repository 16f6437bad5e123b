package dev.rookery.sample;

import dev.rookery.bus.Command;

/** Makes and removes sample data, and tells how far that is. */
public sealed interface SampleCommand extends Command<SampleRun> {
  String ADDRESS = "sample";

  @Override
  default String address() {
    return ADDRESS;
  }

  /** How far it is. */
  record Find() implements SampleCommand {}

  /**
   * Begins to make sample data, and returns at once; changes nothing if there is some. {@code
   * Denied("sample_data_disabled")} in production, {@code Conflict("sample_data_is_removed")} while
   * it is being removed.
   */
  record Make() implements SampleCommand {}

  /**
   * Begins to remove all sample data, also while it is being made, and returns at once; changes
   * nothing if there is none. Works in production, too: a server may have been tried out before.
   */
  record Remove() implements SampleCommand {}
}

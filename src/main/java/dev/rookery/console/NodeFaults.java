package dev.rookery.console;

import java.time.Duration;

/** Faults that this node can cause to itself. */
public interface NodeFaults {
  /** Whether the process can be made to stand still. */
  boolean canPause();

  /** Ends the process at once: nothing is handed over or closed. Does not return. */
  void stop();

  /** Makes the process stand still for a while; returns at about that moment. */
  void pause(Duration time);

  /** Whether this node can be cut off its database. */
  boolean canCut();

  /** Cuts this node off its database for a while; returns at once. */
  void cut(Duration time);
}

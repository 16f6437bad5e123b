package dev.rookery.console;

import java.time.Duration;

/** Faults that this node can cause to its own process. */
public interface NodeFaults {
  /** Whether the process can be made to stand still. */
  boolean canPause();

  /** Ends the process at once: nothing is handed over or closed. Does not return. */
  void stop();

  /** Makes the process stand still for a while; returns at about that moment. */
  void pause(Duration time);
}

package dev.rookery.console;

import dev.rookery.base.Event;

/** What the stream of a drill has: messages that are counted at its end. */
public sealed interface DrillEvent extends Event {
  /** Message with this number, from 1. */
  record Probed(long number) implements DrillEvent {}
}

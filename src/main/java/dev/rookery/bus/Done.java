package dev.rookery.bus;

/** The answer of a command that has nothing to tell but that it happened. */
public enum Done {
  DONE
}

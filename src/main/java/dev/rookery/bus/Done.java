package dev.rookery.bus;

/** The answer of a command that returns nothing. */
public enum Done {
  DONE
}

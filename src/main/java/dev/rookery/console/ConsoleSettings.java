package dev.rookery.console;

import java.time.Duration;

/**
 * The settings of the console.
 *
 * @param factorRequired whether every admin must have a second factor
 * @param sessionIdle how long a session lasts without a request
 * @param sessionFor how long a session lasts at most
 * @param auditKeptFor how long entries of the audit log are kept
 */
public record ConsoleSettings(
    boolean factorRequired, Duration sessionIdle, Duration sessionFor, Duration auditKeptFor) {
  /** How long the second factor counts for actions of level 3. */
  public static final Duration STEP_UP = Duration.ofMinutes(5);
}

package dev.rookery.console;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the console.
 *
 * @param factorRequired whether every admin must have a second factor
 * @param sessionIdle how long a session lasts without a request
 * @param sessionFor how long a session lasts at most
 * @param auditKeptFor how long entries of the audit log are kept
 * @param passwords whether admins may sign in otherwise than at their identity provider
 * @param recoveredEmail of the owner who is recovered at this start, and may sign in otherwise in
 *     any case; null if none is
 */
public record ConsoleSettings(
    boolean factorRequired,
    Duration sessionIdle,
    Duration sessionFor,
    Duration auditKeptFor,
    boolean passwords,
    @Nullable String recoveredEmail) {
  /** How long the second factor counts for actions of level 3. */
  public static final Duration STEP_UP = Duration.ofMinutes(5);
}

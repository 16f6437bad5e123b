package dev.rookery.auth;

import org.jspecify.annotations.Nullable;

/**
 * The result of a registration.
 *
 * @param tokens null if a confirmation email was requested; the answer does not tell whether the
 *     address is taken
 */
public record RegistrationResult(@Nullable TokenPair tokens) {}

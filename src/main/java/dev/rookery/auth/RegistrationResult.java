package dev.rookery.auth;

import org.jspecify.annotations.Nullable;

/**
 * What a registration has come to.
 *
 * @param tokens null when a letter is under way: who reads it goes on with what it says, and nobody
 *     else learns whether the address was free
 */
public record RegistrationResult(@Nullable TokenPair tokens) {}

package dev.rookery.extension;

import java.time.Instant;

/**
 * A change that is stored. Created by the server alone.
 *
 * @param key identifies the change: the same whenever a hook runs for it, on every node and in
 *     every version of the extension, and different for every other change. At most 120 characters.
 *     Use it as an idempotency key.
 * @param at when the change was made, by the clock of the node that made it
 */
public record Committed<T>(String key, Instant at, T change) {}

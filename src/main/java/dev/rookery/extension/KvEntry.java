package dev.rookery.extension;

import java.time.Instant;
import java.util.Map;

/**
 * A key-value entry.
 *
 * @param value a JSON object
 * @param metadata a JSON object
 * @param version changes with value and metadata
 */
public record KvEntry(
    long id,
    String key,
    KvScope scope,
    Map<String, Object> value,
    Map<String, Object> metadata,
    String version,
    Instant insertedAt,
    Instant updatedAt) {}

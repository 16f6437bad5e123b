package dev.rookery.extension;

import java.time.Instant;
import java.util.Map;

/**
 * A party. Created by the server alone; later versions may add components.
 *
 * @param maxSize how many members it can have
 * @param members how many it has
 */
public record Party(
    long id,
    long leaderId,
    int maxSize,
    Map<String, Object> metadata,
    int members,
    Instant insertedAt,
    Instant updatedAt) {}

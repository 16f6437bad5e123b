package dev.rookery.extension;

import java.time.Instant;
import java.util.Map;

/**
 * A group. Created by the server alone; later versions may add components.
 *
 * @param type {@code public}, {@code private} or {@code hidden}
 * @param creatorId -1 if their account is deleted
 * @param maxMembers how many members it can have
 * @param members how many it has
 */
public record Group(
    long id,
    String title,
    String description,
    String type,
    int maxMembers,
    Map<String, Object> metadata,
    long creatorId,
    int members,
    Instant insertedAt,
    Instant updatedAt) {}

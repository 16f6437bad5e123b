package dev.rookery.extension;

import java.time.Instant;

/** A pending invite to a group. */
public record GroupInvite(
    long id,
    long groupId,
    String groupTitle,
    long senderId,
    long recipientId,
    Instant insertedAt) {}

package dev.rookery.storage;

import org.jspecify.annotations.Nullable;

/**
 * What became of an object by a {@link Change}.
 *
 * @param id null if it was deleted
 * @param version null if it was deleted
 */
public record Written(
    ObjectName name,
    @Nullable Long id,
    @Nullable String version,
    boolean ownerWrites,
    long createdMs,
    long updatedMs) {}

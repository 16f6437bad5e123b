package dev.rookery.extension;

/**
 * A member of a group, or one who was. Created by the server alone; later versions may add
 * components.
 *
 * @param displayName empty if they have none
 */
public record GroupMember(long userId, String displayName, long groupId) {}

package dev.rookery.extension;

/**
 * A member whom an admin of the group has removed. Created by the server alone; later versions may
 * add components.
 *
 * @param adminId -1 if a node of an earlier release removed the member
 * @param displayName of the member; empty if they have none
 */
public record GroupKicked(long adminId, long targetId, String displayName, long groupId) {}

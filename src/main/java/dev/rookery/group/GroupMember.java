package dev.rookery.group;

import dev.rookery.player.Player;

/** A member of a group, or a player who asked to join it, as a list shows them. */
public record GroupMember(GroupMembership membership, Player player) {}

package dev.rookery.group;

import dev.rookery.base.Position;

/** A group, and the position of its stream at which it was read. */
public record GroupSnapshot(Group group, Position position) {}

package dev.rookery.player;

import dev.rookery.base.PlayerId;

/** The little of a player that a token is made of. */
public record Identity(PlayerId player, String uuid, String displayName, boolean admin) {}

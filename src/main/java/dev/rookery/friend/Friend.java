package dev.rookery.friend;

import dev.rookery.player.Player;

/**
 * A friendship as one of its players sees it.
 *
 * @param other the other player
 */
public record Friend(Friendship friendship, Player other) {}

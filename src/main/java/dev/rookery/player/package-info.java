/**
 * Players and their profiles. Other domains change a player's place through {@link
 * dev.rookery.player.Players}, inside their own transaction.
 */
@NullMarked
package dev.rookery.player;

import org.jspecify.annotations.NullMarked;

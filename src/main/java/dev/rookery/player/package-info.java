/**
 * Players and their profiles. Other domains change a player's lobby and online state through {@link
 * dev.rookery.player.Players}, inside their own transactions.
 */
@NullMarked
package dev.rookery.player;

import org.jspecify.annotations.NullMarked;

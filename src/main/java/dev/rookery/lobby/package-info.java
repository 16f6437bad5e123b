/**
 * Lobbies: where players gather before a game. A lobby lives in the store and nowhere else, so any
 * node may serve any lobby and losing a node loses no lobby.
 */
@NullMarked
package dev.rookery.lobby;

import org.jspecify.annotations.NullMarked;

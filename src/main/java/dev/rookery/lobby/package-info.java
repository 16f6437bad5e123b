/**
 * Lobbies: where players gather before a game. A lobby lives in the store and nowhere else, so any
 * node may serve any lobby and losing a node loses no lobby.
 *
 * <p>Served through {@link dev.rookery.lobby.LobbyCommand} and {@link
 * dev.rookery.lobby.LobbyQuery}; later domains that change rows of their own with a lobby's use
 * {@link dev.rookery.lobby.Lobbies}. Who is in a lobby is said by the player's row, where there is
 * one place only, so nobody is in two. Whoever changes who is in a lobby holds its row first, and
 * the rows of players after it.
 */
@NullMarked
package dev.rookery.lobby;

import org.jspecify.annotations.NullMarked;

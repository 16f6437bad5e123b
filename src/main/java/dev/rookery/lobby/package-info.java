/**
 * Lobbies, where players gather before a game. A lobby is stored in the database and nowhere else,
 * so any node can serve any lobby, and losing a node loses none.
 *
 * <p>Served through {@link dev.rookery.lobby.LobbyCommand} and {@link
 * dev.rookery.lobby.LobbyQuery}; later domains that change rows of their own together with a
 * lobby's use {@link dev.rookery.lobby.Lobbies}.
 *
 * <p>A command goes from {@code LobbyVerticle} to the class that is named after it ({@code
 * JoinLobby}), which hands a {@code LobbyTask} to the batcher. Tasks that wait at the same time are
 * carried out in one transaction, a {@code LobbyBatch}: it reads what they need ({@code
 * LobbyReadSet}), lets each decide by {@code LobbyRules} and {@code RosterRules} in the order of
 * arrival, and writes what has become of the lobbies. There is no other way to change a lobby.
 *
 * <p>The player's row says which lobby the player is in, so nobody is in two. A transaction that
 * changes who is in a lobby locks the lobby's row first, and writes rows of players after it.
 */
@NullMarked
package dev.rookery.lobby;

import org.jspecify.annotations.NullMarked;

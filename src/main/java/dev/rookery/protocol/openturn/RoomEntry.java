package dev.rookery.protocol.openturn;

import dev.rookery.base.SessionId;
import org.jspecify.annotations.Nullable;

/**
 * What a socket in a room was opened with.
 *
 * @param session with which the socket ends; null for none
 * @param userName shown in the lobby
 * @param socket the id under which the room knows it
 * @param connectUrl the address of the room's sockets, without a token
 */
record RoomEntry(
    RoomServices services,
    String room,
    String user,
    @Nullable SessionId session,
    @Nullable String userName,
    String socket,
    String connectUrl) {}

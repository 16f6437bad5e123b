package dev.rookery.protocol.openturn;

import dev.rookery.base.Ids;
import dev.rookery.bus.Bus;
import dev.rookery.session.Sessions;

/** What all sockets in rooms use. */
record RoomServices(Bus bus, Ids ids, Sessions sessions, TokenIssuer issuer, SaveFiles saves) {}

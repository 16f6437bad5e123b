/**
 * The openturn wire (openturn contract): rooms over HTTP and WebSockets, opened with signed tokens.
 *
 * <p><b>Sockets.</b> Both kinds are at {@code /rooms/:id/connect?token=}; the scope of the token
 * decides. A socket with scope {@code lobby} sends {@code lobby:*} messages until the match starts,
 * is given a token for its seat, and is closed with 4010. One with scope {@code game} sends actions
 * and receives a batch for each accepted one, with its player's view.
 *
 * <p><b>Order.</b> The messages of a socket are handled one at a time. What it receives follows the
 * room's stream: each accepted action once and in order, on every node.
 */
@NullMarked
package dev.rookery.protocol.openturn;

import org.jspecify.annotations.NullMarked;

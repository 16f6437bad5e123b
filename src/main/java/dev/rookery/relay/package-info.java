/**
 * A relay for rooms of two players: each message of one player is passed to the other unchanged,
 * and none is stored. The occupants of the seats are kept in memory on a single node, and as
 * database rows in a cluster.
 *
 * <p>Protocols use it through {@link dev.rookery.relay.Relay}; it depends on none of them.
 */
@NullMarked
package dev.rookery.relay;

import org.jspecify.annotations.NullMarked;

/**
 * Which players are online, derived from their connections, each with its node.
 *
 * <p>Served through {@link dev.rookery.presence.PresenceCommand}. A player is online as long as a
 * row says that the player is at a run of a node that is alive, and for a grace period after that.
 */
@NullMarked
package dev.rookery.presence;

import org.jspecify.annotations.NullMarked;

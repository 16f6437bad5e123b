/**
 * Rooms of two, in which each hears what the other says, unchanged. Nothing that is said is kept;
 * who sits where is memory on a single node, and rows where there are several.
 *
 * <p>Wires reach it through {@link dev.rookery.relay.Relay}; it knows none of them.
 */
@NullMarked
package dev.rookery.relay;

import org.jspecify.annotations.NullMarked;

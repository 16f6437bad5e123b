/**
 * Allocation of game servers for matches: the {@link dev.rookery.allocation.Allocator} interface,
 * its implementations for Agones, the GameFlow API and this server's own relay, and the matchmaking
 * of the GameFlow API. Used by the domains that start matches; depends on none of them.
 */
@NullMarked
package dev.rookery.allocation;

import org.jspecify.annotations.NullMarked;

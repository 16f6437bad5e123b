/**
 * Who lives: one row for each run of a node, one beat for everything that depends on it. Leases,
 * presence and the sweep of the outbox build on this and beat for nothing of their own. No clock of
 * one node is compared with another's.
 */
@NullMarked
package dev.rookery.cluster;

import org.jspecify.annotations.NullMarked;

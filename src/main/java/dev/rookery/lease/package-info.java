/**
 * Exactly one owner for state that lives in memory: taken by compare-and-set, kept by a heartbeat,
 * fenced by an epoch. Everything is a row; no clock of one node is compared with another's.
 */
@NullMarked
package dev.rookery.lease;

import org.jspecify.annotations.NullMarked;

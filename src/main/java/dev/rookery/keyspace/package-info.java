/**
 * A Redis-shaped store in memory: commands in, replies with Redis's texts out, a log of changes and
 * snapshots to restore it from.
 *
 * <p>{@link dev.rookery.keyspace.Keyspace} is the whole of it. It is used by one thread at a time,
 * reads no clock and does no input or output: its owner hands in the time, the random numbers and
 * the place where changes go. Replies and error texts are those of Redis 6.2, against which tests
 * compare every command.
 */
@NullMarked
package dev.rookery.keyspace;

import org.jspecify.annotations.NullMarked;

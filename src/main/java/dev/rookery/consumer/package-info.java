/**
 * Durable consumers of committed events: work that follows a change, such as notifications about a
 * chat message, done after the answer and never lost.
 *
 * <p>A domain registers a named {@link dev.rookery.consumer.EventConsumer} with {@link
 * dev.rookery.consumer.Consumers}. Its events are read from the outbox in {@link
 * dev.rookery.store.ConsumerShards#COUNT} shards, each by the one node that holds the lease of the
 * consumer and shard. The position up to which a shard was read is a row, and moves in the
 * transaction of what the consumer writes. So an event is handled at least once, in the order of
 * its stream, and what the handling writes to the database exactly once, also when the node that
 * committed the event or the one that handles it is killed.
 *
 * <p>An event that fails repeatedly is stored as parked and passed over. Events that no consumer
 * has read yet are kept in the outbox beyond its usual retention, up to a bound of their own.
 */
@NullMarked
package dev.rookery.consumer;

import org.jspecify.annotations.NullMarked;

/**
 * Rows, transactions and the outbox, over SQLite or PostgreSQL. Stores of the domains call it, on
 * virtual threads. Acknowledged means durable: a call that returns has its change on the disk.
 */
@NullMarked
package dev.rookery.store;

import org.jspecify.annotations.NullMarked;

/**
 * Database access: rows, transactions and the outbox, over SQLite or PostgreSQL. The stores of the
 * domains use it on virtual threads. A call that returns has its change on the disk.
 */
@NullMarked
package dev.rookery.store;

import org.jspecify.annotations.NullMarked;

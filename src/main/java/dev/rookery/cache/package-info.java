/**
 * Counters that nodes share and can do without: in Redis, or in memory where there is none. And
 * caches of what is read often, in the memory of the node and in one that nodes share. Nothing here
 * is authoritative; all of it may be lost at any moment.
 */
@NullMarked
package dev.rookery.cache;

import org.jspecify.annotations.NullMarked;

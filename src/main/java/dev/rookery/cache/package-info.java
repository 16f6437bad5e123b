/**
 * What nodes share and could do without: counts in a Redis, or in memory where there is none.
 * Nothing here is the truth about anything; all of it may vanish at any moment.
 */
@NullMarked
package dev.rookery.cache;

import org.jspecify.annotations.NullMarked;

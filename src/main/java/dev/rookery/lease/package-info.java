/**
 * Leases: exactly one owner for state that lives in memory and for periodic jobs. Acquired by
 * compare-and-set, held as long as the node's run is alive, fenced by an epoch.
 */
@NullMarked
package dev.rookery.lease;

import org.jspecify.annotations.NullMarked;

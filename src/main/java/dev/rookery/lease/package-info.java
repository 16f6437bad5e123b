/**
 * Who owns what: exactly one owner for state that lives in memory and for periodic work. Taken by
 * compare-and-set, kept for as long as the run of the node lives, fenced by an epoch.
 */
@NullMarked
package dev.rookery.lease;

import org.jspecify.annotations.NullMarked;

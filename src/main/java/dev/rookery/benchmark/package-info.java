/**
 * What is made of measured figures: the comparison of two jars, the history in which a regression
 * shows, and the number of players that a core carries.
 *
 * <p>The load test appends its figures to a file and {@code scripts/bench} reads it from here.
 * Everything is computed from such files, so a table can be printed again without a measurement.
 */
@NullMarked
package dev.rookery.benchmark;

import org.jspecify.annotations.NullMarked;

/**
 * Traces of requests and frames: a sample of them is followed over the commands to the database,
 * and kept in memory. Nothing in a trace is about a player: names are route templates, names of
 * classes, and kinds of statements with their table.
 */
@NullMarked
package dev.rookery.trace;

import org.jspecify.annotations.NullMarked;

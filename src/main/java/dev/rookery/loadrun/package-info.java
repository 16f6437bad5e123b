/**
 * Load tests that admins run against the server: a run is a row, its load comes from a process of
 * its own on one node, and its players are deleted afterwards. It comes after all domains; none of
 * them knows it.
 */
@NullMarked
package dev.rookery.loadrun;

import org.jspecify.annotations.NullMarked;

/**
 * Commands to the verticles of the same node, and broadcasts to all nodes, over the event bus. No
 * other package uses the event bus.
 */
@NullMarked
package dev.rookery.bus;

import org.jspecify.annotations.NullMarked;

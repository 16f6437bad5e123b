/**
 * Commands to the node's own verticles, and text to all nodes. Nobody else touches the event bus.
 */
@NullMarked
package dev.rookery.bus;

import org.jspecify.annotations.NullMarked;

/** Puts a node together, starts it, drains it. Uses everything; nothing uses it. */
@NullMarked
package dev.rookery.node;

import org.jspecify.annotations.NullMarked;

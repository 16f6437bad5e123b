/** Composes, starts and drains a node. It may use every package; none may use it. */
@NullMarked
package dev.rookery.node;

import org.jspecify.annotations.NullMarked;

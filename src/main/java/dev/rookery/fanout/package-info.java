/** From a committed event to the sockets of this node that follow its topic, in order and once. */
@NullMarked
package dev.rookery.fanout;

import org.jspecify.annotations.NullMarked;

/**
 * Publish/subscribe for committed events: delivers each event to the subscribers of its topic on
 * every node.
 *
 * <p>A topic is an event stream ({@code lobby:5}), whose events have positions and reach each
 * subscriber in order and exactly once, or a feed ({@code lobbies}), which collects events of many
 * streams without any guarantee of order. {@link dev.rookery.fanout.FanOut} is the entry point.
 */
@NullMarked
package dev.rookery.fanout;

import org.jspecify.annotations.NullMarked;

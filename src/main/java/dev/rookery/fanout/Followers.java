package dev.rookery.fanout;

import dev.rookery.base.Position;
import org.jspecify.annotations.Nullable;

/**
 * The followers of a topic on one node over one wire.
 *
 * @param count of sockets, or of parts of the server
 * @param lowest the position of the one that is furthest behind; null for a feed, and while none of
 *     them has started
 */
public record Followers(String wire, int count, @Nullable Position lowest) {}

package dev.rookery.cluster;

import java.time.Instant;

/**
 * One run of a node, as stored. A run starts with the process, or when the node finds that it was
 * declared dead.
 *
 * @param run its number, never used again
 * @param node its name, shared with earlier and later runs of the node
 * @param swept whether its unpublished events have been published after its end
 */
public record Member(
    long run,
    String node,
    String version,
    Instant started,
    boolean alive,
    long beat,
    long publishedUpTo,
    boolean swept,
    long sockets,
    long players) {}

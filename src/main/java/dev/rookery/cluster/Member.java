package dev.rookery.cluster;

import java.time.Instant;

/**
 * One run of a node, as its row tells.
 *
 * @param run its number, never given again
 * @param node its name, which it shares with earlier and later runs
 * @param swept whether what it had committed but not posted has been posted, once it ended
 */
public record Member(
    long run,
    String node,
    String version,
    Instant started,
    boolean alive,
    long beat,
    long postedUpto,
    boolean swept,
    long sockets,
    long players) {}

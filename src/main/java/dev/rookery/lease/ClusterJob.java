package dev.rookery.lease;

import org.jspecify.annotations.Nullable;

/**
 * A periodic job of the cluster, as the node that holds it sees it.
 *
 * @param runs how often that node has run it since it took it over
 * @param endedAgoMs since the last run here; -1 if there was none
 * @param tookMs how long that run took
 * @param error why that run failed; null if it did not
 * @param nextInMs until the next run
 */
public record ClusterJob(
    String name,
    boolean running,
    long runs,
    long endedAgoMs,
    long tookMs,
    @Nullable String error,
    long nextInMs) {}

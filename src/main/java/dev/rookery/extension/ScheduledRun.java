package dev.rookery.extension;

import java.time.Instant;

/**
 * A run of a job. Created by the server alone; later versions may add components.
 *
 * @param triggeredAt when the run began
 * @param jobName the name of the job
 * @param schedule as a cron expression
 * @param dueAt the time of the schedule for which it runs, usually a moment before {@code
 *     triggeredAt}
 * @param periodKey {@code dueAt} as a text such as {@code 2026-11-29T05:00:00Z}; the same when the
 *     run is repeated, and different for every other time
 */
public record ScheduledRun(
    Instant triggeredAt, String jobName, String schedule, Instant dueAt, String periodKey) {}

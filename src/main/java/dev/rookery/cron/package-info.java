/**
 * Times of schedules in the notation of cron, for seasons of leaderboards and jobs of extensions.
 */
@NullMarked
package dev.rookery.cron;

import org.jspecify.annotations.NullMarked;

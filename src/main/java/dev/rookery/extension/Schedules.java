package dev.rookery.extension;

import java.time.DayOfWeek;
import java.util.List;

/**
 * Jobs that run at certain times, in UTC: once in the whole cluster for each time, on any node,
 * also when nodes die. At most 100 for each extension. Thread-safe.
 *
 * <p>Every node has the jobs of the version that it runs, so each version adds the same ones in
 * {@link Extension#start}. A new version takes over the jobs of the one before: those of the same
 * name and schedule go on, others end or begin. A job that is new, or whose schedule changed, first
 * runs at the next time of its schedule. Times at which no node was running are made up for once,
 * with the last of them.
 *
 * <p>Names of jobs are 1 to 64 of the characters a-z, A-Z, 0-9, {@code .}, {@code -} and {@code _}.
 * A name that is taken is given to the new job.
 */
public interface Schedules {
  /**
   * Adds a job with a schedule in the five fields of cron: minute, hour, day of the month, month,
   * day of the week (0 and 7 are Sunday). Fields are numbers, ranges, lists, {@code *} and steps.
   * If neither day is {@code *}, one of them suffices.
   *
   * @throws IllegalArgumentException if the expression is none or never fires, or the name is
   *     invalid
   */
  void cron(String name, String expression, ScheduledJob job);

  /**
   * Adds a job that runs in the minutes of each hour that {@code minutes} divides, beginning with
   * the full hour.
   *
   * @param minutes from 1 to 59
   */
  void everyMinutes(String name, int minutes, ScheduledJob job);

  /** Adds a job that runs each hour at a minute from 0 to 59. */
  void hourly(String name, int minute, ScheduledJob job);

  /** Adds a job that runs each day at a time. */
  void daily(String name, int hour, int minute, ScheduledJob job);

  /** Adds a job that runs each week at a time. */
  void weekly(String name, DayOfWeek day, int hour, int minute, ScheduledJob job);

  /** Removes a job from this node; does nothing if there is none of that name. */
  void cancel(String name);

  /** The jobs of this version, by name. */
  List<Entry> list();

  /**
   * A job.
   *
   * @param schedule as a cron expression
   */
  record Entry(String name, String schedule) {}
}

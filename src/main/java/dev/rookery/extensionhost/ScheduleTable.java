package dev.rookery.extensionhost;

import dev.rookery.cron.CronSchedule;
import dev.rookery.extension.ScheduledJob;
import dev.rookery.extension.Schedules;
import java.time.DayOfWeek;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The jobs of one version of an extension. Reading takes no lock; adding copies the map. */
final class ScheduleTable implements Schedules {
  private static final int JOBS_MAX = 100;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private volatile Map<String, Job> jobs = Map.of();

  /** A job with the times of its schedule. */
  record Job(String name, String schedule, CronSchedule times, ScheduledJob work) {}

  /** By name; another map after each change. */
  Map<String, Job> jobs() {
    return jobs;
  }

  @Nullable Job find(String name) {
    return jobs.get(name);
  }

  @Override
  public synchronized void cron(String name, String expression, ScheduledJob job) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("not a name of a job: " + name);
    }
    CronSchedule times =
        CronSchedule.parse(expression)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "not a schedule in the five fields of cron: " + expression));
    var next = new TreeMap<>(jobs);
    next.put(name, new Job(name, expression, times, job));
    if (next.size() > JOBS_MAX) {
      throw new IllegalArgumentException("there are " + JOBS_MAX + " jobs already");
    }
    jobs = next;
  }

  @Override
  public void everyMinutes(String name, int minutes, ScheduledJob job) {
    cron(name, "*/" + inRange("minutes", minutes, 1, 59) + " * * * *", job);
  }

  @Override
  public void hourly(String name, int minute, ScheduledJob job) {
    cron(name, minute(minute) + " * * * *", job);
  }

  @Override
  public void daily(String name, int hour, int minute, ScheduledJob job) {
    cron(name, minute(minute) + " " + hour(hour) + " * * *", job);
  }

  @Override
  public void weekly(String name, DayOfWeek day, int hour, int minute, ScheduledJob job) {
    // Cron begins the week with Sunday, as 0.
    int dayOfWeek = day.getValue() % DayOfWeek.values().length;
    cron(name, minute(minute) + " " + hour(hour) + " * * " + dayOfWeek, job);
  }

  private static int minute(int minute) {
    return inRange("minute", minute, 0, 59);
  }

  private static int hour(int hour) {
    return inRange("hour", hour, 0, 23);
  }

  private static int inRange(String what, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          "%s must be from %d to %d, not %d".formatted(what, min, max, value));
    }
    return value;
  }

  @Override
  public synchronized void cancel(String name) {
    var next = new TreeMap<>(jobs);
    if (next.remove(name) != null) {
      jobs = next;
    }
  }

  @Override
  public List<Entry> list() {
    return jobs.values().stream().map(job -> new Entry(job.name(), job.schedule())).toList();
  }
}

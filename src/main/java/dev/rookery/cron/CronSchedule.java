package dev.rookery.cron;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A schedule in the five fields of cron, in UTC: minute, hour, day of the month, month, day of the
 * week (0 and 7 are Sunday). Fields are numbers, ranges, lists, {@code *} and steps ({@code
 * *}{@code /15}, {@code 1-5/2}). If neither day is {@code *}, one of them suffices, as in cron.
 *
 * <p>Names of months and days and the extensions of some cron programs are not supported.
 */
public final class CronSchedule {
  private static final int LENGTH_MAX = 100;
  // The parser knows names and other extensions, which clients cannot rely on.
  private static final Pattern CHARACTERS = Pattern.compile("[0-9*,/\\s-]+");
  private static final CronParser PARSER =
      new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));

  private final ExecutionTime times;

  private CronSchedule(ExecutionTime times) {
    this.times = times;
  }

  /** The schedule of an expression; empty if it is none, or never fires. */
  public static Optional<CronSchedule> parse(String expression) {
    if (expression.length() > LENGTH_MAX || !CHARACTERS.matcher(expression).matches()) {
      return Optional.empty();
    }
    try {
      var schedule = new CronSchedule(ExecutionTime.forCron(PARSER.parse(expression)));
      return schedule.next(0).isPresent() ? Optional.of(schedule) : Optional.empty();
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** The first time after the given one; empty if there is none. */
  public Optional<Long> next(long afterMs) {
    return times.nextExecution(utc(afterMs)).map(CronSchedule::millis);
  }

  /** The last time up to the given one and after {@code sinceMs}; empty if there is none. */
  public Optional<Long> last(long sinceMs, long upToMs) {
    return times
        .lastExecution(utc(upToMs + 1))
        .map(CronSchedule::millis)
        .filter(time -> time > sinceMs);
  }

  private static ZonedDateTime utc(long ms) {
    return Instant.ofEpochMilli(ms).atZone(ZoneOffset.UTC);
  }

  private static long millis(ZonedDateTime time) {
    return time.toInstant().toEpochMilli();
  }
}

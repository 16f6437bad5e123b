package dev.rookery.leaderboard;

import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.BitSet;
import java.util.Optional;

/**
 * A schedule in the five fields of cron, in UTC: minute, hour, day of the month, month, day of the
 * week (0 and 7 are Sunday). Fields are numbers, ranges, lists, {@code *} and steps ({@code
 * *}{@code /15}, {@code 1-5/2}). If both days are restricted, one of them suffices, as in cron.
 *
 * <p>Names of months and days and the extensions of some cron programs are not supported.
 */
final class CronSchedule {
  private static final int FIELDS = 5;
  private static final int LENGTH_MAX = 100;
  // 29 February on a given day of the week comes back after at most 40 years.
  private static final int MONTHS_MAX = 12 * 41;
  private static final int SUNDAY = 7;

  private final BitSet minutes;
  private final BitSet hours;
  private final BitSet days;
  private final BitSet months;
  private final BitSet weekdays;
  private final boolean anyDay;
  private final boolean anyWeekday;

  private CronSchedule(String[] fields) {
    this.minutes = parse(fields[0], 0, 59);
    this.hours = parse(fields[1], 0, 23);
    this.days = parse(fields[2], 1, 31);
    this.months = parse(fields[3], 1, 12);
    this.weekdays = parse(fields[4], 0, SUNDAY);
    if (weekdays.get(0)) {
      weekdays.set(SUNDAY);
    }
    this.anyDay = fields[2].startsWith("*");
    this.anyWeekday = fields[4].startsWith("*");
  }

  /** The schedule of an expression; empty if it is none, or never fires. */
  static Optional<CronSchedule> parse(String expression) {
    String[] fields = expression.strip().split("\\s+", -1);
    if (fields.length != FIELDS || expression.length() > LENGTH_MAX) {
      return Optional.empty();
    }
    try {
      var schedule = new CronSchedule(fields);
      return schedule.next(0).isPresent() ? Optional.of(schedule) : Optional.empty();
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** The first time after the given one; empty if there is none. */
  Optional<Long> next(long afterMs) {
    long minute = Math.floorDiv(afterMs, 60_000L) + 1;
    var start = Instant.ofEpochSecond(minute * 60).atOffset(ZoneOffset.UTC);
    var month = YearMonth.from(start);
    int firstDay = start.getDayOfMonth();
    int firstMinute = start.getHour() * 60 + start.getMinute();
    for (int i = 0; i < MONTHS_MAX; i++) {
      if (months.get(month.getMonthValue())) {
        for (int day = firstDay; day <= month.lengthOfMonth(); day++) {
          LocalDate date = month.atDay(day);
          int found = matches(date) ? minuteOfDay(firstMinute) : -1;
          if (found >= 0) {
            return Optional.of((date.toEpochDay() * 24 * 60 + found) * 60_000L);
          }
          firstMinute = 0;
        }
      }
      month = month.plusMonths(1);
      firstDay = 1;
      firstMinute = 0;
    }
    return Optional.empty();
  }

  /** The last time up to the given one and after {@code sinceMs}; empty if there is none. */
  Optional<Long> last(long sinceMs, long upToMs) {
    Optional<Long> last = Optional.empty();
    // Halving the range finds it in a few steps, however long the silence was.
    long low = sinceMs;
    long high = upToMs;
    while (low < high) {
      long middle = low + (high - low) / 2;
      Optional<Long> found = next(middle).filter(time -> time <= upToMs);
      if (found.isPresent()) {
        last = found;
        low = found.get();
      } else {
        high = middle;
      }
    }
    return last.or(() -> next(sinceMs).filter(time -> time <= upToMs));
  }

  private boolean matches(LocalDate date) {
    boolean day = days.get(date.getDayOfMonth());
    boolean weekday = weekdays.get(date.getDayOfWeek().getValue());
    return anyDay || anyWeekday ? day && weekday : day || weekday;
  }

  /** The first minute of a day that is not before another; -1 if there is none. */
  private int minuteOfDay(int from) {
    for (int hour = hours.nextSetBit(from / 60); hour >= 0; hour = hours.nextSetBit(hour + 1)) {
      int minute = minutes.nextSetBit(hour == from / 60 ? from % 60 : 0);
      if (minute >= 0) {
        return hour * 60 + minute;
      }
    }
    return -1;
  }

  private static BitSet parse(String field, int min, int max) {
    var values = new BitSet(max + 1);
    for (String part : field.split(",", -1)) {
      String[] stepped = part.split("/", -1);
      int step = stepped.length == 1 ? 1 : number(stepped[1], 1, max);
      String[] range = stepped[0].split("-", -1);
      boolean any = stepped[0].equals("*");
      if (stepped.length > 2 || range.length > 2) {
        throw new IllegalArgumentException(part);
      }
      int from = any ? min : number(range[0], min, max);
      int single = stepped.length == 2 ? max : from;
      int to = any ? max : range.length == 2 ? number(range[1], from, max) : single;
      for (int value = from; value <= to; value += step) {
        values.set(value);
      }
    }
    return values;
  }

  private static int number(String text, int min, int max) {
    int value = text.matches("[0-9]{1,2}") ? Integer.parseInt(text) : -1;
    if (value < min || value > max) {
      throw new IllegalArgumentException(text);
    }
    return value;
  }
}

package dev.rookery.protocol.console;

import dev.rookery.base.Page;
import dev.rookery.base.Refused;
import io.vertx.core.Future;
import java.util.Locale;

/**
 * The links between the pages of a list; an empty one is not shown.
 *
 * @param count how many rows there are, in words
 * @param exactly counts them all
 */
record Pager(String count, String exactly, String first, String previous, String next) {
  /** How far a list counts unless it is asked to count exactly. */
  static final int COUNTED_MAX = 10_000;

  /** How far a list counts if it is asked to count exactly; a count reads each row. */
  static final int EXACT_MAX = 1_000_000;

  static final Pager NONE = new Pager("", "", "", "", "");

  /** The total of a list whose rows could not be counted within the bounds of reads. */
  static final long UNCOUNTED = -1;

  /** Answers {@link #UNCOUNTED} for a count that was stopped because it took too long. */
  static Future<Long> orUncounted(Future<Long> count) {
    return count.recover(
        failure ->
            failure instanceof Refused refused && ConsoleProblem.isTooSlow(refused.refusal())
                ? Future.succeededFuture(UNCOUNTED)
                : Future.failedFuture(failure));
  }

  /** Returns a count in words; above {@link #COUNTED_MAX} it is not exact. */
  static String counted(long total) {
    if (total == UNCOUNTED) {
      return "too many to count in 2 s";
    }
    if (total > COUNTED_MAX) {
      return "10,000+ match";
    }
    return total == 1 ? "1 row" : String.format(Locale.ENGLISH, "%,d rows", total);
  }

  /** Returns the count of a list that was asked to count exactly. */
  static String upToExactMax(long total) {
    return total == UNCOUNTED
        ? counted(total)
        : total > EXACT_MAX
            ? String.format(Locale.ENGLISH, "more than %,d rows", EXACT_MAX)
            : exactly(total);
  }

  /**
   * The links of a list that is not counted: to its first page and to the next one. Going back is
   * what the browser does.
   */
  static Pager forward(ListRequest list, Keyset<?> keyset) {
    return new Pager(
        "",
        "",
        list.after().isEmpty() ? "" : list.url(),
        "",
        keyset.next().isEmpty() ? "" : list.url("after", keyset.next()));
  }

  /** The links between the numbered pages of what the page at a path shows. */
  static Pager numbered(String path, Page<?> page) {
    int number = page.number();
    boolean more = (long) number * page.size() < page.total();
    return new Pager(
        exactly(page.total()),
        "",
        "",
        number > 1 ? path + "?page=" + (number - 1) : "",
        more ? path + "?page=" + (number + 1) : "");
  }

  static String exactly(long total) {
    return String.format(Locale.ENGLISH, "%,d rows", total);
  }
}

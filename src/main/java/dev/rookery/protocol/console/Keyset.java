package dev.rookery.protocol.console;

import java.util.List;
import java.util.function.Function;

/**
 * A page of a list that is read by keyset. One row more than the page has is read, to know whether
 * there is a further page.
 *
 * @param items the rows of the page
 * @param previous the cursor of the page before; empty if this is the first one
 * @param next the cursor of the page after; empty if this is the last one
 */
record Keyset<T>(List<T> items, String previous, String next) {
  /**
   * @param found in the order of the list, one more than the page has if there are more
   * @param cursor of a row
   */
  static <T> Keyset<T> of(ListRequest list, List<T> found, Function<T, String> cursor) {
    boolean more = found.size() > list.size();
    boolean back = list.isBackwards();
    List<T> items = found;
    if (more) {
      items = back ? found.subList(1, found.size()) : found.subList(0, list.size());
    }
    if (items.isEmpty()) {
      return new Keyset<>(items, "", "");
    }
    boolean hasPrevious = back ? more : !list.after().isEmpty();
    boolean hasNext = back || more;
    return new Keyset<>(
        List.copyOf(items),
        hasPrevious ? cursor.apply(items.getFirst()) : "",
        hasNext ? cursor.apply(items.getLast()) : "");
  }

  Pager pager(ListRequest list, long total) {
    String count = list.exact() ? Pager.upToExactMax(total) : Pager.counted(total);
    boolean capped = !list.exact() && total > Pager.COUNTED_MAX;
    return new Pager(
        count,
        capped ? list.url("count", "exact") : "",
        previous.isEmpty() ? "" : list.url(),
        previous.isEmpty() ? "" : list.url("before", previous),
        next.isEmpty() ? "" : list.url("after", next));
  }
}

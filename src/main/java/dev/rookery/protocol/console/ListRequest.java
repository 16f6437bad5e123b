package dev.rookery.protocol.console;

import dev.rookery.base.Page;
import dev.rookery.console.ListInput;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which part of a list a request asks for. All of it is in the URL: {@code q}, {@code sort}, {@code
 * size}, and {@code after} or {@code before}, or {@code page}.
 *
 * @param sort the column, with {@code -} in front for descending; the list's own order if empty
 * @param after the cursor of the last row before the page; empty for the first page
 * @param before the cursor of the first row after the page; empty unless going backwards
 * @param number of the page, from 1, in lists that count their pages
 * @param exact whether matching rows are counted beyond {@value Pager#COUNTED_MAX}
 */
record ListRequest(
    String path,
    SearchQuery search,
    String sort,
    int size,
    String after,
    String before,
    int number,
    boolean exact) {
  static final List<Integer> SIZES = List.of(25, 50, 100);
  private static final int SIZE = 50;
  private static final int CURSOR_MAX = 600;
  private static final int NUMBER_MAX = 1_000_000;

  /**
   * Reads the request of a list.
   *
   * @param words whether the list takes free words
   * @param sorts the columns by which it can be sorted
   */
  static ListRequest of(
      ListInput request, List<SearchQuery.Key> keys, boolean words, List<String> sorts) {
    String sort = request.query("sort");
    String column = sort.startsWith("-") ? sort.substring(1) : sort;
    SearchQuery search = SearchQuery.parse(request.query("q"), keys, words);
    if (!sort.isEmpty() && !sorts.contains(column)) {
      search = search.withProblem("This list cannot be sorted by “" + column + "”.");
      sort = "";
    }
    Long size = SearchQuery.parse(request.query("size"));
    return new ListRequest(
        request.list(),
        search,
        sort,
        size != null && SIZES.contains(size.intValue()) ? size.intValue() : SIZE,
        cursor(request.query("after")),
        cursor(request.query("before")),
        number(request),
        request.query("count").equals("exact"));
  }

  /** The URL of a list with the search and the order of a request for all of its rows. */
  static String back(ConsoleRequest request, String path) {
    String query = request.context().request().query();
    return query == null || query.isEmpty() ? path : path + "?" + query;
  }

  /** The number of the page that a request asks for, of a list with numbered pages. */
  static int number(ListInput request) {
    Long number = SearchQuery.parse(request.query("page"));
    return number == null ? 1 : Math.clamp(number, 1, NUMBER_MAX);
  }

  private static String cursor(String text) {
    return text.length() > CURSOR_MAX ? "" : text;
  }

  /** How many matching rows to count: one more than is shown as a number. */
  long countMax() {
    return (exact ? Pager.EXACT_MAX : Pager.COUNTED_MAX) + 1L;
  }

  boolean isBackwards() {
    return !before.isEmpty();
  }

  /** The page, for lists that count their pages. */
  Page.Request page() {
    return new Page.Request(number, size);
  }

  /** The URL of this list with some of its parameters changed; empty values are left out. */
  String url(String... changes) {
    return urlOf(path, changes);
  }

  /** The URL of another path with the search and the order of this list. */
  String urlOf(String target, String... changes) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("q", search.text());
    parameters.put("sort", sort);
    parameters.put("size", size == SIZE ? "" : Integer.toString(size));
    for (int i = 0; i < changes.length; i += 2) {
      parameters.put(changes[i], changes[i + 1]);
    }
    var query = new StringBuilder();
    parameters.forEach(
        (name, value) -> {
          if (!value.isEmpty()) {
            query.append(query.isEmpty() ? '?' : '&').append(name).append('=');
            query.append(URLEncoder.encode(value, StandardCharsets.UTF_8));
          }
        });
    return target + query;
  }

  /**
   * A column by which the list is sorted when its head is pressed; a second time in the other
   * direction.
   */
  ListView.Column column(String label, int priority, String name, boolean descendingFirst) {
    boolean ascendingNow = sort.equals(name);
    boolean descendingNow = sort.equals("-" + name);
    boolean descends = ascendingNow || (!descendingNow && descendingFirst);
    return new ListView.Column(
        label,
        priority,
        url("sort", descends ? "-" + name : name),
        ascendingNow ? "ascending" : descendingNow ? "descending" : "none");
  }

  /** The filters as they can be removed. */
  List<Link> chips() {
    var chips = new ArrayList<Link>();
    for (SearchQuery.Term term : search.terms()) {
      chips.add(new Link(term.source(), url("q", search.without(term))));
    }
    return chips;
  }

  /** The links of a list that counts its pages. */
  Pager pager(long total) {
    String previous = number > 1 ? url("page", Integer.toString(number - 1)) : "";
    String next = (long) number * size < total ? url("page", Integer.toString(number + 1)) : "";
    String first = number > 2 ? url() : "";
    return new Pager(Pager.exactly(total), "", first, previous, next);
  }
}

package dev.rookery.protocol.console;

import dev.rookery.console.SavedView;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A page with a list, for the template {@code list}.
 *
 * @param empty what is said when there are no rows
 * @param emptyAdvice why there may be none, and what to do
 * @param links to further pages, such as the one that creates
 * @param exports the formats in which the list can be downloaded
 * @param matching actions on all rows that match
 * @param views the saved searches of the list
 */
record ListPage(
    Search search,
    ListView list,
    Pager pager,
    String empty,
    String emptyAdvice,
    List<ListView.Action> bulk,
    List<Link> links,
    List<Link> exports,
    List<ListView.Action> matching,
    List<SavedView> views) {
  ListPage(
      Search search,
      ListView list,
      Pager pager,
      String empty,
      String emptyAdvice,
      List<ListView.Action> bulk,
      List<Link> links,
      List<Link> exports) {
    this(search, list, pager, empty, emptyAdvice, bulk, links, exports, List.of(), List.of());
  }

  /** The same page with actions on all rows that match. */
  ListPage with(List<ListView.Action> actions) {
    return new ListPage(
        search, list, pager, empty, emptyAdvice, bulk, links, exports, actions, views);
  }

  /** The same page with the saved searches of the list. */
  ListPage withViews(List<SavedView> saved) {
    return new ListPage(
        search, list, pager, empty, emptyAdvice, bulk, links, exports, matching, saved);
  }

  /** The ids of the rows that the page shows, with commas between them. */
  public String here() {
    return list.rows().stream().map(ListView.Row::id).collect(Collectors.joining(","));
  }

  /**
   * The search box.
   *
   * @param words what free words find; empty if the list takes none
   */
  record Search(
      String path,
      String text,
      String words,
      String sort,
      int size,
      List<Integer> sizes,
      List<SearchQuery.Key> keys,
      List<Link> chips,
      List<String> problems) {
    static Search of(ListRequest request, List<SearchQuery.Key> keys, String words) {
      return new Search(
          request.path(),
          request.search().text(),
          words,
          request.sort(),
          request.size(),
          ListRequest.SIZES,
          keys,
          request.chips(),
          request.search().problems());
    }
  }

  /**
   * As {@link #render}, with a list that is loaded again when it has changed.
   *
   * @param topic of the live region
   * @param version the fingerprint of what the list shows
   */
  ConsoleView.Render renderLive(String title, String topic, String version) {
    ConsoleView.Render view = render(title);
    return new ConsoleView.Render(
        view.status(),
        view.template(),
        title,
        Map.of("page", this, "live", topic, "liveVersion", version));
  }

  ConsoleView.Render render(String title) {
    int status = search.problems().isEmpty() ? 200 : 422;
    return new ConsoleView.Render(status, "list", title, Map.of("page", this));
  }
}

package dev.rookery.protocol.console;

import java.util.List;
import java.util.Map;

/**
 * A page with a list, for the template {@code list}.
 *
 * @param empty what is said when there are no rows
 * @param emptyAdvice why there may be none, and what to do
 * @param links to further pages, such as the one that creates
 * @param exports the formats in which the list can be downloaded
 */
record ListPage(
    Search search,
    ListView list,
    Pager pager,
    String empty,
    String emptyAdvice,
    List<ListView.Action> bulk,
    List<Link> links,
    List<Link> exports) {
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

  ConsoleView.Render render(String title) {
    int status = search.problems().isEmpty() ? 200 : 422;
    return new ConsoleView.Render(status, "list", title, Map.of("page", this));
  }
}

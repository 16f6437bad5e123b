package dev.rookery.protocol.page;

import dev.rookery.base.Page;
import io.netty.handler.codec.http.QueryStringEncoder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Converts one page of a list to what the macro {@code pager} shows: its items, and the links to
 * the pages before and after it, which keep the filters of the address.
 *
 * @param path of the page that has the list
 * @param parameter of the address that has the number of the page
 * @param filters the other parameters of the address
 */
record PageList(String path, String parameter, Map<String, String> filters) {
  static final int SIZE = 50;
  private static final int NUMBER_MAX = 100_000;

  PageList(String path, String parameter) {
    this(path, parameter, Map.of());
  }

  /** The page that the browser asks for; the first if it names none. */
  Page.Request requested(PageRequest request) {
    return requested(request, SIZE);
  }

  Page.Request requested(PageRequest request, int size) {
    return new Page.Request(Math.clamp(request.number(parameter, 1), 1, NUMBER_MAX), size);
  }

  <T> Map<String, Object> view(Page<T> page, Function<? super T, Map<String, Object>> item) {
    long pages = Math.max(1, (page.total() + page.size() - 1) / page.size());
    return Map.of(
        "items",
        page.items().stream().map(item).toList(),
        "total",
        page.total(),
        "number",
        page.number(),
        "pages",
        pages,
        "previous",
        page.number() > 1 ? address(page.number() - 1) : "",
        "next",
        page.number() < pages ? address(page.number() + 1) : "");
  }

  private String address(int number) {
    var parameters = new LinkedHashMap<>(filters);
    parameters.put(parameter, Integer.toString(number));
    return address(path, parameters);
  }

  /** An address with the parameters that are not empty. */
  static String address(String path, Map<String, String> parameters) {
    var address = new QueryStringEncoder(path);
    parameters.forEach(
        (name, value) -> {
          if (!value.isEmpty()) {
            address.addParam(name, value);
          }
        });
    return address.toString();
  }
}

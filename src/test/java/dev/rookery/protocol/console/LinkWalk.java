package dev.rookery.protocol.console;

import dev.rookery.protocol.console.ConsoleRouter.Registered;
import io.vertx.core.http.HttpMethod;
import java.net.http.HttpResponse;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Follows the links of pages. Of each route it loads a bounded number of pages, so a walk ends
 * however much a server has.
 */
final class LinkWalk {
  private static final Pattern LINK = Pattern.compile("<a [^>]*?href=\"(/[^\"#]*)");

  private static final String HTML = "text/html,*/*;q=0.8";

  /** A page that was loaded, by its path and query. */
  record LoadedPage(String path, Registered route, HttpResponse<String> answer) {
    boolean isPage() {
      String type = answer.headers().firstValue("content-type").orElse("");
      return answer.statusCode() == 200 && type.startsWith("text/html");
    }

    /** Where the page redirects to; empty if it does not. */
    Optional<String> target() {
      return answer.statusCode() == 303
          ? answer.headers().firstValue("location")
          : Optional.empty();
    }

    Stream<String> links() {
      return LINK.matcher(answer.body())
          .results()
          .map(link -> ConsoleBrowser.unescaped(link.group(1)));
    }
  }

  private final List<Registered> routes;
  private final Map<Registered, Pattern> patterns = new HashMap<>();

  /** By method and path: most pages have the same links. */
  private final Map<String, Optional<Registered>> found = new HashMap<>();

  private final UnaryOperator<String> variant;
  private final int pagesOfAVariantMax;

  /**
   * @param routes the first that matches a path is its route
   * @param variant the part of a query that makes another page of a route
   */
  LinkWalk(List<Registered> routes, UnaryOperator<String> variant, int pagesOfAVariantMax) {
    this.routes = routes;
    this.variant = variant;
    this.pagesOfAVariantMax = pagesOfAVariantMax;
    for (Registered route : routes) {
      String path = route.path().replaceAll("[.-]", "\\\\$0").replaceAll(":\\w+", "[^/]+");
      patterns.put(route, Pattern.compile(path));
    }
  }

  Optional<Registered> find(HttpMethod method, String address) {
    String path = address.split("\\?", 2)[0];
    return found.computeIfAbsent(
        method + " " + path,
        _ ->
            routes.stream()
                .filter(route -> route.method() == method)
                .filter(route -> patterns.get(route).matcher(path).matches())
                .findFirst());
  }

  /** The paths of the routes of pages that were not visited. */
  List<String> unseen(List<LoadedPage> pages) {
    var seen = pages.stream().map(page -> page.route().path()).collect(Collectors.toSet());
    return routes.stream()
        .filter(route -> route.method() == HttpMethod.GET)
        .map(Registered::path)
        .filter(path -> !seen.contains(path))
        .toList();
  }

  /** Returns the pages in the order in which links led to them. */
  List<LoadedPage> run(
      ConsoleBrowser browser, Predicate<Registered> opens, Collection<String> starts) {
    var pages = new ArrayList<LoadedPage>();
    var visited = new HashMap<String, Set<String>>();
    var waiting = new ArrayDeque<>(starts);
    while (!waiting.isEmpty()) {
      String address = waiting.poll();
      Optional<Registered> route = find(HttpMethod.GET, address).filter(opens);
      if (route.isPresent() && isWanted(address, route.get(), visited)) {
        var page = new LoadedPage(address, route.get(), browser.get(address, "accept", HTML));
        pages.add(page);
        page.target().ifPresent(waiting::add);
        if (page.isPage()) {
          page.links().forEach(waiting::add);
        }
      }
    }
    return pages;
  }

  private boolean isWanted(String address, Registered route, Map<String, Set<String>> visited) {
    String[] parts = address.split("\\?", 2);
    String query = parts.length > 1 ? parts[1] : "";
    String key = route.path() + "?" + variant.apply(query);
    Set<String> paths = visited.computeIfAbsent(key, _ -> new HashSet<>());
    return paths.size() < pagesOfAVariantMax && paths.add(parts[0]);
  }
}

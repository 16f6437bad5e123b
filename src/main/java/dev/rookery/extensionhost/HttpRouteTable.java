package dev.rookery.extensionhost;

import dev.rookery.extension.HttpHandler;
import dev.rookery.extension.HttpRoutes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The routes of one version of an extension. */
final class HttpRouteTable implements HttpRoutes {
  private static final int ROUTES_MAX = 1_000;
  private static final Pattern METHOD = Pattern.compile("[A-Z]{1,16}");
  private static final String REST = "*";

  private final List<Route> routes = new CopyOnWriteArrayList<>();

  private record Route(String method, List<String> segments, HttpHandler handler) {}

  /** A route that fits a request, with what its path names. */
  record Match(HttpHandler handler, Map<String, String> parameters) {}

  boolean isEmpty() {
    return routes.isEmpty();
  }

  @Override
  public void add(String method, String path, HttpHandler handler) {
    List<String> segments = segments(path);
    if (!path.startsWith("/") || !METHOD.matcher(method).matches()) {
      throw new IllegalArgumentException("no route: " + method + " " + path);
    }
    int rest = segments.indexOf(REST);
    if (rest >= 0 && rest < segments.size() - 1) {
      throw new IllegalArgumentException("* is not the last segment of " + path);
    }
    if (routes.size() >= ROUTES_MAX) {
      throw new IllegalArgumentException("there are " + ROUTES_MAX + " routes already");
    }
    routes.add(new Route(method, segments, handler));
  }

  private static List<String> segments(String path) {
    return List.of(path.substring(Math.min(1, path.length())).split("/", -1));
  }

  /**
   * The first route that fits.
   *
   * @param path decoded, and normalized
   */
  @Nullable Match find(String method, String path) {
    List<String> segments = segments(path);
    for (Route route : routes) {
      if (route.method().equals(method)) {
        Map<String, String> parameters = match(route.segments(), segments);
        if (parameters != null) {
          return new Match(route.handler(), parameters);
        }
      }
    }
    return null;
  }

  private static @Nullable Map<String, String> match(List<String> route, List<String> segments) {
    var parameters = new LinkedHashMap<String, String>();
    for (int i = 0; i < route.size(); i++) {
      String expected = route.get(i);
      if (expected.equals(REST)) {
        parameters.put(REST, String.join("/", segments.subList(i, segments.size())));
        return parameters;
      }
      if (i >= segments.size()) {
        return null;
      }
      if (expected.startsWith(":")) {
        parameters.put(expected.substring(1), segments.get(i));
      } else if (!expected.equals(segments.get(i))) {
        return null;
      }
    }
    return route.size() == segments.size() ? parameters : null;
  }
}

package dev.rookery.protocol.console;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Addresses of pages. */
final class ListLinks {
  private ListLinks() {}

  /** The address of what has that name below a path, whatever characters the name has. */
  static String below(String path, String name) {
    return path + "/" + URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /**
   * @param parameters alternating names and values; empty values are left out
   */
  static String of(String path, String... parameters) {
    var query = new StringBuilder(path);
    char separator = '?';
    for (int i = 0; i < parameters.length; i += 2) {
      if (!parameters[i + 1].isEmpty()) {
        query
            .append(separator)
            .append(parameters[i])
            .append('=')
            .append(URLEncoder.encode(parameters[i + 1], StandardCharsets.UTF_8));
        separator = '&';
      }
    }
    return query.toString();
  }
}

package dev.rookery.protocol.console;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Addresses with parameters. */
final class ListLinks {
  private ListLinks() {}

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

package dev.rookery.console;

import dev.rookery.base.PlayerId;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * A search of a list of the console under a name.
 *
 * @param list the path of the list
 * @param query what follows the path, such as {@code ?q=is%3Abanned}
 * @param shared whether all admins see it
 */
public record SavedView(
    long id, PlayerId admin, String list, String name, String query, boolean shared) {
  public String href() {
    return list + query;
  }

  /** Returns the query of a view; what is empty is left out. */
  public static String query(String search, String sort) {
    var query = new StringBuilder();
    add(query, "q", search);
    add(query, "sort", sort);
    return query.toString();
  }

  private static void add(StringBuilder query, String name, String value) {
    if (!value.isEmpty()) {
      query.append(query.isEmpty() ? '?' : '&').append(name).append('=');
      query.append(URLEncoder.encode(value, StandardCharsets.UTF_8));
    }
  }
}

package dev.rookery.console;

import dev.rookery.base.PlayerId;

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
}

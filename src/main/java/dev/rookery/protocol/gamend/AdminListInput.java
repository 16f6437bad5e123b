package dev.rookery.protocol.gamend;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refusal.Denied;
import dev.rookery.base.Refused;
import dev.rookery.console.AdminLists;
import dev.rookery.console.ListInput;
import dev.rookery.console.ListSelection;
import dev.rookery.console.Permission;
import java.util.List;
import java.util.Map;

/**
 * What a request of the API selects from a list of the console, in the same words as its page.
 *
 * @param list the path of the list
 */
record AdminListInput(ApiRequest request, String list) implements ListInput {
  private static final String ROOT = "/admin/";

  /** Lists that belong to a thing, whose id is in the path of their page. */
  private static final Map<String, String> INNER =
      Map.of("leaderboard_records", ROOT + "leaderboards/:id/records");

  /**
   * Returns what the request selects: {@code Missing("list_not_found")}, {@code
   * Denied("forbidden")} without the permission to see the list, and {@code Invalid("q")} with what
   * is wrong with the search.
   *
   * @param name of the list, such as {@code users}
   */
  static ListSelection<?> select(ApiRequest request, AdminLists lists, String name) {
    String path = path(name);
    ListSelection<?> selection =
        lists
            .select(path, new AdminListInput(request, path))
            .orElseThrow(() -> Refused.missing("list_not_found"));
    if (!request.requiredSession().may(selection.reads())) {
      throw new Refused(new Denied("forbidden", Map.of("permission", selection.reads().text())));
    }
    if (!selection.isValid()) {
      throw new Refused(new Refusal.Invalid("invalid", Map.of("q", selection.problems())));
    }
    return selection;
  }

  static String path(String name) {
    return INNER.getOrDefault(name, ROOT + name);
  }

  /** Returns the name of the list with that path. */
  static String name(String path) {
    return path.startsWith(ROOT) ? path.substring(ROOT.length()) : path;
  }

  @Override
  public String query(String name) {
    return List.of("q", "sort").contains(name) ? request.input().textOrEmpty(name) : "";
  }

  @Override
  public long id(String name) {
    Long id = request.input().number(name);
    if (id == null) {
      throw Refused.invalid(name, "can't be blank");
    }
    return id;
  }

  @Override
  public boolean may(Permission permission) {
    return request.requiredSession().may(permission);
  }
}

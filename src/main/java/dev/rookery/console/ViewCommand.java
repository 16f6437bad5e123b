package dev.rookery.console;

import dev.rookery.base.PlayerId;
import dev.rookery.bus.Command;
import dev.rookery.bus.Done;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Commands on saved views. An admin sees their own and those that are shared. */
public sealed interface ViewCommand<R> extends Command<R> {
  String ADDRESS = "views";

  @Override
  default String address() {
    return ADDRESS;
  }

  /**
   * Saves a view, in place of the admin's view of the list with that name. Invalid {@code name} if
   * it is blank or longer than 60 characters, {@code list} if it is no path of a list, {@code
   * query} if it is longer than 1,000 characters; {@code Conflict("too_many_views")} beyond 100 of
   * an admin.
   *
   * @param query as {@link SavedView#query(String, String)} makes it
   */
  record Save(PlayerId admin, String list, String name, String query, boolean shared)
      implements ViewCommand<SavedView> {}

  /**
   * Renames a view of the admin, or shares it. {@code Missing("view_not_found")}, {@code
   * Conflict("view_name_taken")}; invalid {@code name} as in {@link Save}.
   *
   * @param name null to keep it
   * @param shared null to keep it
   */
  record Change(PlayerId admin, long view, @Nullable String name, @Nullable Boolean shared)
      implements ViewCommand<SavedView> {}

  /** Deletes a view of the admin. {@code Missing("view_not_found")}. */
  record Delete(PlayerId admin, long view) implements ViewCommand<Done> {}

  /**
   * The views that an admin sees, by name; at most 200, the admin's own first.
   *
   * @param list null for those of all lists
   */
  record ListViews(PlayerId admin, @Nullable String list) implements ViewCommand<List<SavedView>> {}
}

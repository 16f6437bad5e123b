package dev.rookery.console;

/** What a list of the console is asked for, by a page of it or by the API. */
public interface ListInput {
  /** Returns the path of the list, such as {@code /admin/users}. */
  String list();

  /** Returns a parameter: {@code q}, {@code sort}; empty if absent. */
  String query(String name);

  /** Returns a parameter of the path that is an id; {@code Missing} if it is not a number. */
  long id(String name);

  /** Whether the admin who asks has the permission. */
  boolean may(Permission permission);
}

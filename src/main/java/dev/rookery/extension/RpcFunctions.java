package dev.rookery.extension;

/**
 * The functions of one version of an extension, at most 1,000. Clients call them by name and number
 * of arguments with {@code POST /api/v1/hooks/call} and {@code call_hook}, and {@code GET
 * /api/v1/hooks} lists them. Thread-safe.
 *
 * <p>Names are 1 to 64 of the characters a-z, A-Z, 0-9 and {@code _}. The names of lifecycle hooks,
 * such as {@code before_lobby_join}, are reserved.
 */
public interface RpcFunctions {
  /**
   * Adds a function. Functions may share a name if their numbers of parameters differ.
   *
   * @throws IllegalArgumentException if the name is invalid, or is taken for this number
   */
  void add(RpcFunction function);

  /**
   * Adds a function that takes any number of arguments, or replaces the one of that name. A
   * function of {@link #add} with the same name and number of arguments is preferred in calls, and
   * one with the same name in the list.
   *
   * @throws IllegalArgumentException if the name is invalid
   */
  void addDynamic(DynamicFunction function);

  /** Removes a dynamic function; does nothing if there is none of that name. */
  void removeDynamic(String name);
}

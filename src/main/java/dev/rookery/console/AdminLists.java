package dev.rookery.console;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The lists of the console by their paths, with what can be done to all rows that match a search.
 * The sections of the console register them on every node, whether its pages are on or not; the API
 * has the same lists from here.
 */
public final class AdminLists {
  private final Map<String, Function<ListInput, ? extends ListSelection<?>>> lists =
      new ConcurrentHashMap<>();
  private final BulkActions actions = new BulkActions();
  private final BulkSelector selector = new BulkSelector();
  private final ListDownloads downloads = new ListDownloads();

  /**
   * Registers a list.
   *
   * @param path of its page, such as {@code /admin/users}
   * @param selection what a request selects from it
   */
  public void register(String path, Function<ListInput, ? extends ListSelection<?>> selection) {
    lists.put(path, selection);
  }

  /** Returns what a request selects from the list with that path; empty if there is none. */
  public Optional<ListSelection<?>> select(String path, ListInput input) {
    return Optional.ofNullable(lists.get(path)).map(list -> list.apply(input));
  }

  /** What jobs do to rows. */
  public BulkActions actions() {
    return actions;
  }

  /** Collects the rows of jobs on this node. */
  public BulkSelector selector() {
    return selector;
  }

  /** The downloads of this node. */
  public ListDownloads downloads() {
    return downloads;
  }
}

package dev.rookery.protocol.console;

import dev.rookery.console.AdminLists;
import dev.rookery.console.ListInput;
import dev.rookery.console.ListSelection;
import java.util.function.Function;

/**
 * What every list of the console has beside its rows.
 *
 * @param lists where the API finds the list
 * @param exports its downloads
 * @param bulk actions on all rows that match
 */
record ListTools(AdminLists lists, Exports exports, BulkPages bulk) {
  /** Registers the downloads of a list, and what it offers to do with all rows that match. */
  <T> void register(
      ConsoleRouter console,
      String path,
      Function<ListInput, ListSelection<T>> selection,
      BulkOffer... offers) {
    lists.register(path, selection);
    exports.register(console, path, selection);
    bulk.offer(console, path, selection, offers);
  }
}

package dev.rookery.protocol.console;

import java.util.function.Function;

/**
 * What every list of the console has beside its rows.
 *
 * @param exports its downloads
 * @param bulk actions on all rows that match
 */
record ListTools(Exports exports, BulkPages bulk) {
  /** Registers the downloads of a list, and what it offers to do with all rows that match. */
  <T> void register(
      ConsoleRouter console,
      String path,
      Function<ConsoleRequest, ListSelection<T>> selection,
      BulkOffer... offers) {
    exports.register(console, path, selection);
    bulk.offer(console, path, selection, offers);
  }
}

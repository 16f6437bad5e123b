package dev.rookery.protocol.console;

/**
 * What every list of the console has beside its rows.
 *
 * @param exports its downloads
 * @param bulk actions on all rows that match
 */
record ListTools(Exports exports, BulkPages bulk) {}

package dev.rookery.extensionhost;

import dev.rookery.fanout.FanOut;
import dev.rookery.lease.Leases;
import dev.rookery.store.Database;
import dev.rookery.store.ExtensionTables;

/** What extensions use of the server, beside commands; there once the node has a database. */
public record ExtensionBackend(
    Database database, Leases leases, FanOut fanOut, ExtensionTables tables) {}

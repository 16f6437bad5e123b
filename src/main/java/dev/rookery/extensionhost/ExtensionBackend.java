package dev.rookery.extensionhost;

import dev.rookery.fanout.FanOut;
import dev.rookery.lease.Leases;
import dev.rookery.store.Database;

/** What extensions use of the server, beside commands; there once the node has a database. */
public record ExtensionBackend(Database database, Leases leases, FanOut fanOut) {}

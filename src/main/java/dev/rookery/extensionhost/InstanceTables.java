package dev.rookery.extensionhost;

import dev.rookery.lease.Lease;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlClient;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The tables of an extension as one version of it uses them, with connections of its own. */
final class InstanceTables implements InstanceLocks.Fence {
  private static final String MIGRATIONS = "migrations/";

  private final Vertx vertx;
  private final ExtensionJar jar;
  private final int connectionsMax;
  private final Supplier<ExtensionBackend> backend;
  private @Nullable Pool pool;
  private boolean closed;

  InstanceTables(
      Vertx vertx, ExtensionJar jar, int connectionsMax, Supplier<ExtensionBackend> backend) {
    this.vertx = vertx;
    this.jar = jar;
    this.connectionsMax = connectionsMax;
    this.backend = backend;
  }

  /**
   * Runs the migrations of the jar; does not touch the database if it has none. Blocks.
   *
   * @throws ExtensionException if one fails
   */
  void migrate() throws ExtensionException {
    var scripts = new TreeMap<String, String>();
    jar.entries()
        .forEach(
            (path, content) -> {
              if (path.startsWith(MIGRATIONS) && path.endsWith(".sql")) {
                scripts.put(path, new String(content, StandardCharsets.UTF_8));
              }
            });
    if (scripts.isEmpty()) {
      return;
    }
    try {
      backend.get().tables().migrate(jar.name(), scripts);
    } catch (RuntimeException failure) {
      throw new ExtensionException("a migration failed: " + failure.getMessage(), failure);
    }
  }

  /**
   * The connections of this version, which are opened by the first call.
   *
   * @throws IllegalStateException after {@link #close}
   */
  synchronized Pool pool() {
    if (closed) {
      throw new IllegalStateException("this version has ended");
    }
    if (pool == null) {
      pool = backend.get().tables().open(vertx, jar.name(), connectionsMax);
    }
    return pool;
  }

  /** How many connections this version has at the same time, at most. */
  int connections() {
    return backend.get().tables().connections(connectionsMax);
  }

  @Override
  public Future<Boolean> hold(SqlClient transaction, Lease lease) {
    return backend.get().tables().holdLease(transaction, lease.name(), lease.run(), lease.epoch());
  }

  /** Closes the connections; does not wait. */
  void close() {
    Pool open;
    synchronized (this) {
      closed = true;
      open = pool;
      pool = null;
    }
    if (open != null) {
      open.close();
    }
  }
}

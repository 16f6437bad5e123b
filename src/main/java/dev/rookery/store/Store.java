package dev.rookery.store;

import dev.rookery.base.CommittedEvent;
import dev.rookery.bus.EventTypes;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;

/** The open store of one node: its database, the outbox, and the upkeep of both. */
public final class Store implements AutoCloseable {
  private final Database database;
  private final Database pulse;
  private final Outbox outbox;
  private final OutboxPublisher posting;
  private final OutboxSweep sweep;
  private final Retention retention;
  private final StoreMaintenance upkeep;
  private final InstantSource clock;

  private Store(
      Database database,
      Database pulse,
      StoreConfig config,
      EventTypes types,
      OutboxPublisher posting,
      InstantSource clock,
      StoreMeters meters) {
    this.database = database;
    this.pulse = pulse;
    this.outbox = new Outbox(database, types, clock, config.streamsFor());
    this.posting = posting;
    this.sweep = new OutboxSweep(outbox, posting, meters);
    this.retention = new Retention(database, posting, config, meters);
    this.upkeep = new StoreMaintenance(sweep, retention, clock);
    this.clock = clock;
  }

  /**
   * Brings the schema up to date and opens the database. Blocks while doing so.
   *
   * @throws IllegalStateException if the database cannot be had; the message says why
   */
  public static Store open(
      Vertx vertx,
      StoreConfig config,
      EventTypes types,
      InstantSource clock,
      MeterRegistry registry) {
    var meters = new StoreMeters(registry);
    var posting = new OutboxPublisher(config.historyMax());
    Store store =
        switch (config.location()) {
          case DatabaseLocation.File at -> {
            Database file = file(at, config, types, posting, clock, meters);
            yield new Store(file, file, config, types, posting, clock, meters);
          }
          case DatabaseLocation.Server at -> {
            Database server = server(vertx, at, config, types, posting, clock, meters);
            var pulse =
                new PostgresDatabase(
                    vertx, at, config.withConnections(1), types, posting, clock, meters);
            yield new Store(server, pulse, config, types, posting, clock, meters);
          }
        };
    store.upkeep.start();
    return store;
  }

  private static Database server(
      Vertx vertx,
      DatabaseLocation.Server at,
      StoreConfig config,
      EventTypes types,
      OutboxPublisher posting,
      InstantSource clock,
      StoreMeters meters) {
    Migrations.run(at);
    return new PostgresDatabase(vertx, at, config, types, posting, clock, meters);
  }

  private static Database file(
      DatabaseLocation.File at,
      StoreConfig config,
      EventTypes types,
      OutboxPublisher posting,
      InstantSource clock,
      StoreMeters meters) {
    Path folder = at.path().toAbsolutePath().getParent();
    try {
      Files.createDirectories(folder);
    } catch (IOException failure) {
      throw new IllegalStateException("cannot make the folder " + folder, failure);
    }
    DatabaseFileLock hold = DatabaseFileLock.take(at.path());
    try {
      Migrations.run(at);
      return SqliteDatabase.open(hold, at, config, types, posting, clock, meters);
    } catch (RuntimeException failure) {
      hold.close();
      throw failure;
    }
  }

  /**
   * Where committed events go, from now on; to be called once. The receiver is called after the
   * commit with the events of one or several transactions, in the order of their append, on any
   * thread, and must not block. Two transactions on PostgreSQL may come in either order: events are
   * put in order by their offsets.
   */
  public void postTo(Consumer<List<CommittedEvent>> receiver) {
    posting.to(receiver);
  }

  public Database database() {
    return database;
  }

  /**
   * The same database, on a PostgreSQL through a connection of its own: for what a node must be
   * able to say however many calls wait for the others.
   */
  public Database pulse() {
    return pulse;
  }

  public Outbox outbox() {
    return outbox;
  }

  /** Which run of which node it is that commits here, from now on. */
  public void postAs(long run) {
    posting.node(run);
  }

  /** All that this node committed with a number up to this has been posted. */
  public long postedUpto() {
    return posting.upto();
  }

  /** Posts what a run that has ended committed with a number above that. */
  public int postFor(long run, long above) {
    return sweep.postFor(run, above);
  }

  /** Drops what has been kept long enough; one node does it for all. */
  public void tidy() {
    retention.run(clock.instant());
  }

  /** For tests, which do not wait for the next second. */
  void upkeepNow() {
    upkeep.now();
    tidy();
  }

  @Override
  public void close() {
    upkeep.close();
    if (pulse != database) {
      pulse.close();
    }
    database.close();
  }
}

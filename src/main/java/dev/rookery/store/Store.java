package dev.rookery.store;

import dev.rookery.base.CommittedEvent;
import dev.rookery.base.RealPath;
import dev.rookery.bus.EventTypes;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** The open store of one node: its database, its outbox, and their maintenance. */
public final class Store implements AutoCloseable {
  /** How long a start waits for a database that is busy or away, in sum. */
  public static final Duration START_WITHIN = StartRetries.WITHIN;

  private final Database database;
  private final Database heartbeatDatabase;
  private final Database readLane;
  private final Outbox outbox;
  private final OutboxPublisher publisher;
  private final OutboxSweep sweep;
  private final Retention retention;
  private final StoreMaintenance maintenance;
  private final InstantSource clock;
  private final WriteProbe probe;
  private final StoreCopy copy;
  private final DatabaseCut cut;
  private final StartRetries retries = new StartRetries();
  private final Database startDatabase;
  private final Database startHeartbeatDatabase;
  private final Database startReadLane;

  private Store(
      Database database,
      Database heartbeatDatabase,
      Database readLane,
      StoreConfig config,
      EventTypes types,
      OutboxPublisher publisher,
      InstantSource clock,
      StoreMeters meters,
      WriteState writes,
      DatabaseCut cut) {
    this.database = database;
    this.heartbeatDatabase = heartbeatDatabase;
    this.readLane = new ReadLane(readLane, database);
    this.outbox = new Outbox(database, types, clock, config.streamRetention());
    this.publisher = publisher;
    this.sweep = new OutboxSweep(outbox, publisher, meters);
    this.retention = new Retention(database, publisher, config, meters);
    this.maintenance =
        new StoreMaintenance(
            sweep,
            retention,
            clock,
            database instanceof SqliteDatabase file ? file::checkFiles : () -> {});
    this.clock = clock;
    this.probe = new WriteProbe(database, writes);
    this.copy = new StoreCopy(database, config.location());
    this.cut = cut;
    this.startDatabase = new StartRetryDatabase(database, retries);
    this.startHeartbeatDatabase = new StartRetryDatabase(heartbeatDatabase, retries);
    this.startReadLane = new StartRetryDatabase(this.readLane, retries);
    meters.gauge(
        "rookery.store.cut",
        "1 while a drill cuts this node off its database",
        cut,
        found -> found.isActive() ? 1 : 0);
  }

  /**
   * Migrates the schema and opens the database. Blocks meanwhile.
   *
   * @throws IllegalStateException if the database cannot be opened; the message says why
   */
  public static Store open(
      Vertx vertx,
      StoreConfig config,
      EventTypes types,
      InstantSource clock,
      MeterRegistry registry) {
    var meters = new StoreMeters(registry);
    var publisher = new OutboxPublisher(config.historyEventsMax());
    var writes = new WriteState();
    var cut = new DatabaseCut();
    Store store =
        switch (config.location()) {
          case DatabaseLocation.File location -> {
            SqliteDatabase file = file(location, config, types, publisher, clock, meters, writes);
            Database lane = file.lane(location, config.forLane());
            yield new Store(file, file, lane, config, types, publisher, clock, meters, writes, cut);
          }
          case DatabaseLocation.Server location -> {
            PostgresStart.check(location);
            Migrations.run(location);
            Database server =
                new PostgresDatabase(
                    vertx, location, config, types, publisher, clock, meters, writes, cut);
            var heartbeatDatabase =
                new PostgresDatabase(
                    vertx,
                    location,
                    config.withConnections(1),
                    types,
                    publisher,
                    clock,
                    meters,
                    writes,
                    cut);
            var lane =
                new PostgresDatabase(
                    vertx,
                    location,
                    config.forLane(),
                    types,
                    publisher,
                    clock,
                    StoreMeters.none(),
                    writes,
                    cut);
            lane.boundReads();
            yield new Store(
                server,
                heartbeatDatabase,
                lane,
                config,
                types,
                publisher,
                clock,
                meters,
                writes,
                cut);
          }
        };
    store.maintenance.start();
    return store;
  }

  private static SqliteDatabase file(
      DatabaseLocation.File given,
      StoreConfig config,
      EventTypes types,
      OutboxPublisher publisher,
      InstantSource clock,
      StoreMeters meters,
      WriteState writes) {
    // One lock and one identity for a database that several links lead to.
    Path path = RealPath.of(given.path());
    var location = new DatabaseLocation.File(path);
    Path folder =
        Objects.requireNonNull(path.toAbsolutePath().getParent(), "a file is in a folder");
    try {
      PrivateFolder.create(folder);
    } catch (IOException failure) {
      throw new IllegalStateException("cannot create the folder " + folder, failure);
    }
    DatabaseFileLock fileLock = DatabaseFileLock.acquire(path);
    try {
      makePrivate(path);
      Migrations.run(location);
      return SqliteDatabase.open(
          fileLock, location, config, types, publisher, clock, meters, writes);
    } catch (RuntimeException failure) {
      fileLock.close();
      throw failure;
    }
  }

  /** Before SQLite opens the file; it creates the others with the mode of this one. */
  private static void makePrivate(Path database) {
    try {
      PrivateFolder.createFile(database);
    } catch (IOException failure) {
      throw new IllegalStateException("cannot create " + database + ": " + failure, failure);
    }
    PrivateFolder.tighten(database.resolveSibling(database.getFileName() + "-wal"));
    PrivateFolder.tighten(database.resolveSibling(database.getFileName() + "-shm"));
  }

  /** The threads without which nothing is written. */
  public List<Thread> vitalThreads() {
    return database instanceof SqliteDatabase file ? List.of(file.writerThread()) : List.of();
  }

  /**
   * Sets the receiver of committed events; called once. The receiver is called after the commit
   * with the events of one or several transactions, in the order in which they were appended, on
   * any thread, and must not block. Two transactions on PostgreSQL may arrive in either order;
   * their offsets tell the order.
   */
  public void publishTo(Consumer<List<CommittedEvent>> receiver) {
    publisher.setReceiver(receiver);
  }

  /**
   * Keeps events that consumers have not read yet longer than others, up to a bound.
   *
   * @param firstUnread tells the smallest id of such an event; {@code Long.MAX_VALUE} for none. It
   *     is called on threads that may block.
   */
  public void keepUnread(LongSupplier firstUnread) {
    retention.keepUnread(firstUnread);
  }

  /**
   * Starts a node on this store. Meanwhile, calls that are refused because the database is busy or
   * away are made again, for {@link #START_WITHIN} in sum.
   */
  public void retryWhile(Runnable start) {
    retries.begin();
    try {
      start.run();
    } finally {
      // Also if that failed: what is closed then does not wait for the database.
      retries.end();
    }
  }

  public Database database() {
    return startDatabase;
  }

  /**
   * Checks that the database answers and takes writes. Writes itself only after a write was
   * refused, or when nothing was written for some seconds.
   *
   * @throws dev.rookery.base.Refused if it does not
   */
  public void check() {
    probe.check();
  }

  /**
   * The same database; on PostgreSQL through a connection of its own, so that heartbeats never wait
   * behind other calls.
   */
  public Database heartbeatDatabase() {
    return startHeartbeatDatabase;
  }

  /** The same database with the bounds of {@link ReadLane}, for reads of admins. */
  public Database readLane() {
    return startReadLane;
  }

  public Outbox outbox() {
    return outbox;
  }

  /** Copies the database while it is in use. */
  public StoreCopy copy() {
    return copy;
  }

  /** Whether this node can be cut off its database: only off one on a server. */
  public boolean canCutOff() {
    return database.dialect() == Dialect.POSTGRES;
  }

  /**
   * Cuts this node off its database for a while, as a broken network does: calls that wait fail,
   * and further ones are refused. Does not block. The tables of extensions and {@code pg_dump} keep
   * their connections.
   */
  public void cutOff(Duration time) {
    cut.begin(time);
  }

  /** Sets the run of this node that commits from now on. */
  public void setRun(long run) {
    publisher.run(run);
  }

  /** The transaction number up to which everything that this node committed has been published. */
  public long publishedUpTo() {
    return publisher.publishedUpTo();
  }

  /**
   * Publishes the events that an ended run committed with a transaction number above {@code above}.
   *
   * @return the number of events
   */
  public int publishRemaining(long run, long above) {
    return sweep.publishRemaining(run, above);
  }

  /**
   * Deletes data whose retention time has passed; one node does it for all. Returns the number of
   * rows.
   */
  public long prune() {
    return retention.prune(clock.instant());
  }

  /**
   * Has the database measure tables that have grown since it last did; one node does it for all.
   *
   * @return the names of the tables; none on SQLite, whose plans do not depend on sizes
   */
  public List<String> refreshStatistics() {
    return database instanceof PostgresDatabase ? TableStatistics.refresh(database) : List.of();
  }

  /** Runs the maintenance at once, for tests. */
  void runMaintenanceNow() {
    maintenance.runNow();
    prune();
  }

  @Override
  public void close() {
    maintenance.close();
    if (heartbeatDatabase != database) {
      heartbeatDatabase.close();
    }
    readLane.close();
    database.close();
  }
}

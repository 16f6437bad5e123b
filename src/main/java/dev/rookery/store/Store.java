package dev.rookery.store;

import dev.rookery.base.Posted;
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
  private final Outbox outbox;
  private final Posting posting;
  private final Upkeep upkeep;

  private Store(Database database, Outbox outbox, Posting posting, Upkeep upkeep) {
    this.database = database;
    this.outbox = outbox;
    this.posting = posting;
    this.upkeep = upkeep;
  }

  /**
   * Brings the schema up to date and opens the database. Blocks while doing so.
   *
   * @param node this node's name among the others
   * @throws IllegalStateException if the database cannot be had; the message says why
   */
  public static Store open(
      Vertx vertx,
      StoreConfig config,
      String node,
      EventTypes types,
      InstantSource clock,
      MeterRegistry registry) {
    var meters = new StoreMeters(registry);
    var posting = new Posting(config.historyMax());
    Database database =
        switch (config.location()) {
          case Location.File at -> file(at, config, types, posting, clock, meters);
          case Location.Server at -> server(vertx, at, config, types, posting, clock, meters);
        };
    var outbox = new Outbox(database, types);
    var nodes = new NodeRows(database);
    boolean alone = config.location() instanceof Location.File;
    var upkeep =
        new Upkeep(
            node,
            nodes,
            posting,
            new Sweep(nodes, outbox, posting, meters, alone, config.historyFor()),
            new Retention(database, posting, config, meters),
            clock,
            alone);
    upkeep.start();
    return new Store(database, outbox, posting, upkeep);
  }

  private static Database server(
      Vertx vertx,
      Location.Server at,
      StoreConfig config,
      EventTypes types,
      Posting posting,
      InstantSource clock,
      StoreMeters meters) {
    Migrations.run(at);
    return new PostgresDatabase(vertx, at, config, types, posting, clock, meters);
  }

  private static Database file(
      Location.File at,
      StoreConfig config,
      EventTypes types,
      Posting posting,
      InstantSource clock,
      StoreMeters meters) {
    Path folder = at.path().toAbsolutePath().getParent();
    try {
      Files.createDirectories(folder);
    } catch (IOException failure) {
      throw new IllegalStateException("cannot make the folder " + folder, failure);
    }
    FileHold hold = FileHold.take(at.path());
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
  public void postTo(Consumer<List<Posted>> receiver) {
    posting.to(receiver);
  }

  public Database database() {
    return database;
  }

  public Outbox outbox() {
    return outbox;
  }

  /** For tests, which do not wait for the next second. */
  void upkeepNow() {
    upkeep.now();
  }

  @Override
  public void close() {
    upkeep.close();
    database.close();
  }
}

package dev.rookery.testkit;

import dev.rookery.base.CatchUp;
import dev.rookery.base.CommittedEvent;
import dev.rookery.base.Position;
import dev.rookery.bus.EventTypes;
import dev.rookery.player.DeviceDigests;
import dev.rookery.store.Database;
import dev.rookery.store.DatabaseLocation;
import dev.rookery.store.Outbox;
import dev.rookery.store.Store;
import dev.rookery.store.StoreConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** An open store that records the events it published. Closing it removes the database. */
public final class TestStore implements AutoCloseable {
  /** How the nodes of tests store device ids. */
  public static final DeviceDigests DIGESTS = new DeviceDigests("a secret of tests", List.of());

  private final Databases.TestDatabase testDatabase;
  private final StoreConfig config;
  private final EventTypes types;
  private final ManualClock clock;
  private SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final List<CommittedEvent> published = new CopyOnWriteArrayList<>();
  private final List<Consumer<List<CommittedEvent>>> listeners = new CopyOnWriteArrayList<>();
  private final List<Runnable> beforeClose = new CopyOnWriteArrayList<>();
  private Store store;
  private boolean closed;

  private TestStore(
      Databases.TestDatabase testDatabase,
      StoreConfig config,
      EventTypes types,
      ManualClock clock) {
    this.testDatabase = testDatabase;
    this.config = config;
    this.types = types;
    this.clock = clock;
    this.store = openStore();
  }

  public static TestStore open(Databases.TestDatabase testDatabase) {
    return open(testDatabase, testDatabase.config(), Databases.EVENTS);
  }

  public static TestStore open(Databases.TestDatabase testDatabase, EventTypes types) {
    return open(testDatabase, testDatabase.config(), types);
  }

  public static TestStore open(
      Databases.TestDatabase testDatabase, StoreConfig config, EventTypes types) {
    return new TestStore(testDatabase, config, types, new ManualClock());
  }

  /** Opens a second node on the same PostgreSQL database, with the same clock. */
  public TestStore openSecondNode() {
    return new TestStore(testDatabase.shared(), config, types, clock);
  }

  /** Closes the store and opens it again on the same database. */
  public void reopen() {
    closeStore();
    meters = new SimpleMeterRegistry();
    store = openStore();
    closed = false;
  }

  /** Closes the store and leaves the database; it may be closed again. */
  public void closeStore() {
    if (!closed) {
      closed = true;
      store.close();
    }
  }

  public DatabaseLocation location() {
    return testDatabase.location();
  }

  private Store openStore() {
    Store opened = Store.open(SharedVertx.VERTX, config, types, clock, meters);
    opened.publishTo(
        events -> {
          published.addAll(events);
          listeners.forEach(listener -> listener.accept(events));
        });
    return opened;
  }

  public Store store() {
    return store;
  }

  public Database database() {
    return store.database();
  }

  public Outbox outbox() {
    return store.outbox();
  }

  /** Reads all events of a stream from its first; fails if they are not all available. */
  public List<CommittedEvent> readAll(String stream) {
    var all = new ArrayList<CommittedEvent>();
    Position last = Position.START;
    while (true) {
      switch (outbox().readAfter(stream, last, 500)) {
        case CatchUp.UpToDate<CommittedEvent> _ -> {
          return all;
        }
        case CatchUp.Events<CommittedEvent>(var events, _) -> {
          all.addAll(events);
          last = events.getLast().position();
        }
        case CatchUp.Unrecoverable<CommittedEvent> _ ->
            throw new AssertionError(stream + " after " + last);
      }
    }
  }

  public ManualClock clock() {
    return clock;
  }

  public SimpleMeterRegistry meters() {
    return meters;
  }

  public Databases.TestDatabase testDatabase() {
    return testDatabase;
  }

  public Vertx vertx() {
    return SharedVertx.VERTX;
  }

  /** All events that were published after their commit, in that order. */
  public List<CommittedEvent> published() {
    return published;
  }

  /** Calls the listener after each commit, as a node's fan-out is called. */
  public void onPublished(Consumer<List<CommittedEvent>> listener) {
    listeners.add(listener);
  }

  /** Runs the work before the store is closed. */
  void beforeClose(Runnable work) {
    beforeClose.add(work);
  }

  @Override
  public void close() {
    beforeClose.forEach(Runnable::run);
    closeStore();
    testDatabase.close();
  }

  @Override
  public String toString() {
    return testDatabase.toString();
  }

  /** The Vert.x instance of the whole test run; it ends with the process. */
  private static final class SharedVertx {
    private static final Vertx VERTX = Vertx.vertx();
  }
}

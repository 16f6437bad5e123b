package dev.rookery.testkit;

import dev.rookery.base.Posted;
import dev.rookery.bus.EventTypes;
import dev.rookery.store.Database;
import dev.rookery.store.Outbox;
import dev.rookery.store.Store;
import dev.rookery.store.StoreConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An open store that remembers what it posted. Closing it removes the database. */
public final class TestStore implements AutoCloseable {
  private final Vertx vertx;
  private final Databases.Place place;
  private final ManualClock clock;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final List<Posted> posted = new CopyOnWriteArrayList<>();
  private final Store store;

  private TestStore(
      Vertx vertx, Databases.Place place, StoreConfig config, EventTypes types, ManualClock clock) {
    this.vertx = vertx;
    this.place = place;
    this.clock = clock;
    this.store = Store.open(vertx, config, "test", types, clock, meters);
    store.postTo(posted::addAll);
  }

  public static TestStore open(Databases.Place place) {
    return open(place, place.config(), Databases.EVENTS);
  }

  public static TestStore open(Databases.Place place, StoreConfig config, EventTypes types) {
    return new TestStore(Shared.VERTX, place, config, types, new ManualClock());
  }

  /** Another node's view of the same database; on SQLite only after this one is closed. */
  public TestStore another(Databases.Place shared, StoreConfig config, EventTypes types) {
    return new TestStore(vertx, shared, config, types, clock);
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

  public ManualClock clock() {
    return clock;
  }

  public SimpleMeterRegistry meters() {
    return meters;
  }

  public Vertx vertx() {
    return vertx;
  }

  /** All events that were handed on after their commit, in that order. */
  public List<Posted> posted() {
    return posted;
  }

  @Override
  public void close() {
    store.close();
    place.close();
  }

  @Override
  public String toString() {
    return place.toString();
  }

  /** One for the whole run; it ends with the process. */
  private static final class Shared {
    private static final Vertx VERTX = Vertx.vertx();
  }
}

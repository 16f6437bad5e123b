package dev.rookery.store;

import dev.rookery.base.Event;
import dev.rookery.bus.EventTypes;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.TestStore;
import java.util.List;
import java.util.stream.Stream;

/** An event for tests of the store, which has no domain. */
sealed interface NoteEvent extends Event {
  EventTypes TYPES = new EventTypes(List.of(NoteEvent.class));

  /** One store on each kind of database that knows this event alone. */
  static Stream<TestStore> stores() {
    return Databases.locations()
        .map(database -> TestStore.open(database, database.config(), TYPES));
  }

  record Noted(String text, long number) implements NoteEvent {}
}

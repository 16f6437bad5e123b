package dev.rookery.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.TestStore;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class TicketStoreTest {
  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void acceptsTicketForItsSessionInTimeAndNotAgain(TestStore store) {
    var tickets = new TicketStore(store.database());
    tickets.add("good", "ann", 1_000, 31_000);
    tickets.add("late", "ann", 1_000, 31_000);
    tickets.add("stolen", "ann", 1_000, 31_000);

    assertThat(tickets.remove("unknown", "ann", 2_000)).isFalse();
    assertThat(tickets.remove("good", "ann", 31_000)).isTrue();
    assertThat(tickets.remove("good", "ann", 2_000)).isFalse();
    assertThat(tickets.remove("late", "ann", 31_001)).isFalse();
    assertThat(tickets.remove("stolen", "bob", 2_000)).isFalse();
    assertThat(tickets.remove("stolen", "ann", 2_000)).isFalse();
  }
}

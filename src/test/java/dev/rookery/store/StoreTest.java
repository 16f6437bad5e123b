package dev.rookery.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.TestStore;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What both databases promise. */
final class StoreTest {
  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void aCommittedWriteIsRead(TestStore store) {
    store.database().write(tx -> tx.run("INSERT INTO stream (name, epoch, head, at_ms) VALUES ($1, $2, $3, $3)", "a", 1, 2L));
    Rows rows = store.database().read("SELECT name, epoch, head FROM stream WHERE name = $1", "a");
    assertThat(rows.row(0).number("head")).isEqualTo(2);
  }
}

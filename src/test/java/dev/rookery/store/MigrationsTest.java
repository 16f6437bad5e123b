package dev.rookery.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.TestStore;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** When a start does not ask Flyway; what Flyway then does is in {@link StoreTest}. */
final class MigrationsTest {
  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void knowsWhetherADatabaseHasAllMigrations(TestStore store) {
    assertThat(Migrations.isCurrent(store.location())).isTrue();

    store
        .database()
        .write(tx -> tx.run("DELETE FROM flyway_schema_history WHERE version = '0010'"));
    assertThat(Migrations.isCurrent(store.location())).isFalse();
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void doesNotTakeAnotherChecksumForItsOwn(TestStore store) {
    store
        .database()
        .write(
            tx ->
                tx.run(
                    "UPDATE flyway_schema_history SET checksum = checksum + 1"
                        + " WHERE version = '0010'"));
    assertThat(Migrations.isCurrent(store.location())).isFalse();
  }
}

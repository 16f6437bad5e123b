package dev.rookery.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/** Databases that tests use one after another. */
@DisabledIfSystemProperty(named = "rookery.test.postgres", matches = "off")
final class DatabasesTest {
  /** More than there are at once, so that some of them were used before. */
  private static final int TESTS = 8;

  @Test
  void noTestSeesWhatAnotherHasWritten() {
    for (int test = 0; test < TESTS; test++) {
      try (var store = TestStore.open(Databases.postgres())) {
        long player =
            store
                .database()
                .write(
                    tx ->
                        tx.run(
                                """
                                INSERT INTO player (uuid, display_name, created_ms, updated_ms)
                                VALUES ('a', 'A', 1, 1) RETURNING id
                                """)
                            .row(0)
                            .number("id"));

        assertThat(player).isEqualTo(1);
      }
    }
  }

  @Test
  void aChangedSchemaIsNotUsedAgain() {
    try (var database = Databases.postgres()) {
      database.update("CREATE TABLE left_behind (id INTEGER)");
    }
    for (int test = 0; test < TESTS; test++) {
      try (var database = Databases.postgres()) {
        assertThat(database.update("CREATE TABLE left_behind (id INTEGER)")).isZero();
      }
    }
  }
}

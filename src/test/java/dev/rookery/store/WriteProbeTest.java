package dev.rookery.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.base.Refused;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.TestStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The check of a store that answers reads, but may refuse writes. */
final class WriteProbeTest {
  private static final String INSERT =
      "INSERT INTO idempotency (player_id, idem_key, command, answer, at_ms)"
          + " VALUES (1, $1, 'c', NULL, 4000000000000)";
  private static final String PROBES = "SELECT count(*) AS found FROM write_probe";

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void leavesNoRowAndPassesWhereWritesAreTaken(TestStore store) {
    store.store().check();

    assertThat(store.database().read(PROBES).row(0).number("found")).isZero();
  }

  @Test
  void failsOnFullDiskOfSqliteUntilThereIsRoom() {
    try (var store = TestStore.open(Databases.sqlite())) {
      // The page limit of the writer's connection simulates a full disk.
      long pages = store.database().read("PRAGMA page_count").row(0).number("page_count");
      store.database().write(tx -> tx.run("PRAGMA max_page_count = " + (pages + 2)));
      assertThatThrownBy(() -> store.database().write(tx -> tx.run(INSERT, "x".repeat(200_000))))
          .isInstanceOf(Refused.class);

      assertThat(store.database().read("SELECT 1 AS one").row(0).number("one")).isEqualTo(1);
      assertThatThrownBy(() -> store.store().check()).hasMessage("store_unavailable");

      store.database().write(tx -> tx.run("PRAGMA max_page_count = 1000000"));
      Eventually.holds(() -> passes(store));
    }
  }

  @Test
  @DisabledIfSystemProperty(named = "rookery.test.postgres", matches = "off")
  void failsOnFullDiskOfPostgresUntilThereIsRoom() {
    try (var store = TestStore.open(Databases.postgres())) {
      // The server's own answer on a full disk, from a trigger.
      store
          .database()
          .write(
              tx ->
                  tx.run(
                      """
                      CREATE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS
                      'BEGIN RAISE EXCEPTION ''No space left on device'' USING ERRCODE = ''53100''; END'
                      """));
      for (String table : new String[] {"idempotency", "write_probe"}) {
        store
            .database()
            .write(
                tx ->
                    tx.run(
                        "CREATE TRIGGER disk_full BEFORE INSERT ON "
                            + table
                            + " EXECUTE FUNCTION disk_full()"));
      }
      assertThatThrownBy(() -> store.database().write(tx -> tx.run(INSERT, "x")))
          .isInstanceOf(Refused.class);

      assertThat(store.database().read("SELECT 1 AS one").row(0).number("one")).isEqualTo(1);
      assertThatThrownBy(() -> store.store().check()).hasMessage("store_unavailable");

      store.database().write(tx -> tx.run("DROP FUNCTION disk_full() CASCADE"));
      Eventually.holds(() -> passes(store));
      assertThatCode(() -> store.database().write(tx -> tx.run(INSERT, "x")))
          .doesNotThrowAnyException();
    }
  }

  private static boolean passes(TestStore store) {
    try {
      store.store().check();
      return true;
    } catch (Refused _) {
      return false;
    }
  }
}

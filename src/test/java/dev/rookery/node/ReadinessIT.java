package dev.rookery.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.DatabaseProxy;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.PostgresServer;
import dev.rookery.testkit.TestNode;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Readiness of a node whose database answers, but takes no writes, or answers late. */
@DisabledIfSystemProperty(named = "rookery.test.postgres", matches = "off")
final class ReadinessIT {
  private static final String SESSIONS =
      "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'rookery'";

  /** When the statement began that waits for a lock, in milliseconds; 0 if none does. */
  private static final String LAST_WAIT =
      """
      SELECT coalesce(max(extract(epoch FROM query_start) * 1000), 0)::bigint
      FROM pg_stat_activity WHERE wait_event_type = 'Lock'
      """;

  private static final String[] MAKE_READ_ONLY = {
    "ALTER SYSTEM SET default_transaction_read_only = on", "SELECT pg_reload_conf()"
  };
  private static final String[] MAKE_WRITABLE = {
    "ALTER SYSTEM RESET default_transaction_read_only", "SELECT pg_reload_conf()"
  };

  @TempDir private Path folder;

  @Test
  void isNotReadyAsLongAsDatabaseIsReadOnly() {
    try (var server = PostgresServer.start(folder.resolve("data"));
        var node = TestNode.start(server.testDatabase())) {
      assertThat(ready(node)).isEqualTo(200);

      server.execute(MAKE_READ_ONLY);
      Eventually.holds(() -> ready(node) == 503);
      assertThat(signIn(node)).isEqualTo(503);
      assertThat(node.get("/health/ready").body()).contains("\"database\":\"away\"");

      server.execute(MAKE_WRITABLE);
      Eventually.holds(() -> ready(node) == 200);
      assertThat(signIn(node)).isEqualTo(200);
    }
  }

  @Test
  void followsDatabaseToAnotherServer() throws Exception {
    var settings = Map.of("DB_QUERY_TIMEOUT", "1s", "DB_POOL_TIMEOUT", "1s");
    try (var first = PostgresServer.start(folder.resolve("first"));
        var second = first.copy(folder.resolve("second"));
        var proxy = DatabaseProxy.start(first.testDatabase());
        var node = TestNode.start(proxy.testDatabase(), settings)) {
      assertThat(signIn(node)).isEqualTo(200);

      first.execute(MAKE_READ_ONLY);
      Eventually.holds(() -> signIn(node) == 503);
      proxy.redirect(second.testDatabase());

      Eventually.holds(() -> signIn(node) == 200);
      Eventually.holds(() -> ready(node) == 200);
      // No connection goes on reading what is out of date.
      Eventually.holds(() -> first.count(SESSIONS) == 0);
      assertThat(second.count(SESSIONS)).isPositive();
    }
  }

  @Test
  void waitsForABusyDatabaseWhileItStarts() throws Exception {
    try (var server =
            PostgresServer.start(folder.resolve("data"), Map.of("max_prepared_transactions", "1"));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      // Locks of a prepared transaction are held without a connection.
      server.execute("BEGIN; LOCK TABLE node IN ACCESS EXCLUSIVE MODE; PREPARE TRANSACTION 'lock'");
      var settings = Map.of("DB_QUERY_TIMEOUT", "1s");
      var starting = threads.submit(() -> TestNode.start(server.testDatabase(), settings));
      Eventually.holds(() -> server.count(LAST_WAIT) > 0);
      long first = server.count(LAST_WAIT);
      // A call that waits in vain is refused after a second.
      Eventually.holds(() -> server.count(LAST_WAIT) > first + 1_000);
      server.execute("ROLLBACK PREPARED 'lock'");

      try (var node = starting.get()) {
        assertThat(ready(node)).isEqualTo(200);
        assertThat(signIn(node)).isEqualTo(200);
      }
    }
  }

  private static int ready(TestNode node) {
    return node.get("/health/ready").statusCode();
  }

  private static int signIn(TestNode node) {
    return node.post("/api/v1/login/device", "{\"device_id\":\"readiness-device\"}").statusCode();
  }
}

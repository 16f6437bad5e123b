package dev.rookery.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Databases.TestDatabase;
import dev.rookery.testkit.RestPlayer;
import dev.rookery.testkit.TestNode;
import dev.rookery.testkit.TestPgBouncer;
import dev.rookery.testkit.TestStore;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/** Nodes behind a PgBouncer that has its default settings. */
@DisabledIfSystemProperty(named = "rookery.test.postgres", matches = "off")
final class PgBouncerTest {
  private static final int PLAYERS = 40;

  @Test
  void worksInSessionModeWithoutFurtherSettings() throws Exception {
    try (var database = Databases.postgres();
        var bouncer = TestPgBouncer.start(database, "session");
        var node = TestNode.start(bouncer.testDatabase())) {
      assertThat(node.get("/health/ready").statusCode()).isEqualTo(200);
      play(node);
    }
  }

  @Test
  void worksInTransactionModeWithItsKey() throws Exception {
    try (var database = Databases.postgres();
        var bouncer = TestPgBouncer.start(database, "transaction");
        var node = TestNode.start(bouncer.testDatabase(), Map.of("POSTGRES_POOLED", "true"))) {
      assertThat(node.get("/health/ready").statusCode()).isEqualTo(200);
      play(node);
    }
  }

  @Test
  void migratesInTransactionMode() {
    try (var database = Databases.emptyPostgres();
        var bouncer = TestPgBouncer.start(database, "transaction")) {
      var server = (DatabaseLocation.Server) bouncer.testDatabase().location();
      var pooled = new TestDatabase("postgres", server.withPooled(), () -> {});
      try (var store = TestStore.open(pooled)) {
        assertThat(
                store
                    .database()
                    .read("SELECT count(*) AS found FROM player")
                    .row(0)
                    .number("found"))
            .isZero();
      }
    }
  }

  @Test
  void refusesTransactionModeWithoutItsKey() {
    try (var database = Databases.postgres();
        var bouncer = TestPgBouncer.start(database, "transaction")) {
      assertThatThrownBy(() -> TestStore.open(bouncer.testDatabase()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("store.pooled (POSTGRES_POOLED)");
    }
  }

  @Test
  void refusesTransactionModeWithoutItsKeyAlsoUnderLoad() throws Exception {
    try (var database = Databases.postgres();
        var bouncer = TestPgBouncer.start(database, "transaction")) {
      var server = (DatabaseLocation.Server) bouncer.testDatabase().location();
      var pooled = new TestDatabase("postgres", server.withPooled(), () -> {});
      try (var busy = TestStore.open(pooled);
          var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        var stopped = new AtomicBoolean();
        for (int i = 0; i < 8; i++) {
          threads.execute(
              () -> {
                while (!stopped.get()) {
                  busy.database().read("SELECT count(*) AS found FROM player");
                }
              });
        }
        try {
          assertThatThrownBy(() -> TestStore.open(bouncer.testDatabase()))
              .isInstanceOf(IllegalStateException.class)
              .hasMessageContaining("store.pooled (POSTGRES_POOLED)");
        } finally {
          stopped.set(true);
        }
      }
    }
  }

  @Test
  void refusesStatementMode() {
    try (var database = Databases.postgres();
        var bouncer = TestPgBouncer.start(database, "statement")) {
      assertThatThrownBy(() -> TestStore.open(bouncer.testDatabase()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("statement");
    }
  }

  /** Many players sign in, read and write at once; every request must succeed. */
  private static void play(TestNode node) throws Exception {
    var calls = new ArrayList<Callable<Integer>>();
    try (var client = HttpClient.newHttpClient();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < PLAYERS; i++) {
        String device = "pooled-device-" + i;
        String title = "Lobby " + i;
        calls.add(
            () -> {
              var player = RestPlayer.signIn(client, node.uri("/"), device);
              int status = player.get("/api/v1/me").status();
              if (status == 200) {
                status = player.post("/api/v1/lobbies", JsonObject.of("title", title)).status();
              }
              return status == 201 ? player.get("/api/v1/lobbies").status() : status;
            });
      }
      List<Future<Integer>> answers = threads.invokeAll(calls);
      for (Future<Integer> answer : answers) {
        assertThat(answer.get()).isEqualTo(200);
      }
    }
  }
}

package dev.rookery.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.TestStore;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.Configuration;
import org.flywaydb.core.api.migration.Context;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The migration that normalizes stored texts, over rows of an earlier version. */
final class NormalizeTextsTest {
  private static final String COMPOSED = "jos\u00e9@example.com";
  private static final String DECOMPOSED = "jose\u0301@example.com";

  private static void insert(TestStore store, String uuid, String name, String email) {
    store
        .database()
        .write(
            tx ->
                tx.run(
                    "INSERT INTO player (uuid, display_name, name_key, email, created_ms,"
                        + " updated_ms) VALUES ($1, $2, $3, $4, 1, 1) RETURNING id",
                    uuid,
                    name,
                    name,
                    email));
  }

  private static void migrate(DatabaseLocation location) throws SQLException {
    try (Connection connection =
        switch (location) {
          case DatabaseLocation.File file ->
              DriverManager.getConnection("jdbc:sqlite:" + file.path());
          case DatabaseLocation.Server server ->
              DriverManager.getConnection(
                  "jdbc:postgresql://%s:%d/%s"
                      .formatted(server.host(), server.port(), server.database()),
                  server.user(),
                  server.password());
        }) {
      connection.setAutoCommit(false);
      new NormalizeTexts()
          .migrate(
              new Context() {
                @Override
                public Configuration getConfiguration() {
                  return Flyway.configure();
                }

                @Override
                public Connection getConnection() {
                  return connection;
                }
              });
      connection.commit();
    }
  }

  private static List<String> players(TestStore store) {
    return store
        .database()
        .read("SELECT uuid, name_key, COALESCE(email, '') AS email FROM player ORDER BY uuid")
        .all(row -> row.text("uuid") + " " + row.text("name_key") + " " + row.text("email"));
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#all")
  void normalizesWhatIsNot(TestStore store) throws SQLException {
    insert(store, "1", "ann", "ann@example.com");
    insert(store, "2", "Jose\u0301", DECOMPOSED);
    insert(store, "3", "\u039f\u0394\u03a5\u03a3", null);
    insert(store, "4", "b", "a\u0308@x.com");
    insert(store, "5", "c", "\u00e4@x.com");
    for (int i = 0; i < 1_100; i++) {
      insert(store, "7" + i, "\u00c9", null);
    }

    migrate(store.testDatabase().location());

    assertThat(players(store))
        .contains(
            "1 ann ann@example.com",
            "2 jos\u00e9 " + COMPOSED,
            "3 \u03bf\u03b4\u03c5\u03c3 ",
            "4 b a\u0308@x.com",
            "5 c \u00e4@x.com",
            "70 \u00e9 ",
            "71099 \u00e9 ");
  }
}

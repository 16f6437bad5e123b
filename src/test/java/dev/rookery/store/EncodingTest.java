package dev.rookery.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Databases.TestDatabase;
import dev.rookery.testkit.TestStore;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Databases that cannot hold every text, or sort it differently. */
final class EncodingTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"LATIN1", "SQL_ASCII", "WIN1252"})
  @DisabledIfSystemProperty(named = "rookery.test.postgres", matches = "off")
  void refusesPostgresThatIsNotUtf8(String encoding) {
    try (var database = Databases.emptyPostgres(encoding)) {
      assertThatThrownBy(() -> TestStore.open(database))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("has the encoding " + encoding + ", but UTF8 is needed");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16le", "UTF-16be"})
  void refusesSqliteThatIsNotUtf8(String encoding) throws SQLException {
    Path file = folder.resolve(encoding + ".db");
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        var statement = connection.createStatement()) {
      statement.execute("PRAGMA encoding = '" + encoding + "'");
      statement.execute("CREATE TABLE other (id INTEGER)");
    }
    var database = new TestDatabase("sqlite", new DatabaseLocation.File(file), () -> {});

    assertThatThrownBy(() -> TestStore.open(database))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("has the encoding " + encoding + ", but UTF-8 is needed");
  }

  @Test
  void doesNotKeepFileLockedThatItRefused() throws SQLException {
    Path file = folder.resolve("refused.db");
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        var statement = connection.createStatement()) {
      statement.execute("PRAGMA encoding = 'UTF-16'");
      statement.execute("CREATE TABLE other (id INTEGER)");
    }
    var database = new TestDatabase("sqlite", new DatabaseLocation.File(file), () -> {});
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> TestStore.open(database)).hasMessageContaining("encoding");
    }
    assertThat(file).exists();
  }
}

package dev.rookery.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DatabaseLocationTest {
  @Test
  void readsServerFromUrl() {
    assertThat(
            DatabaseLocation.parse(
                "postgres://anna:p%40ss%3Aw+rd@db.example:6432/games?sslmode=require"))
        .isEqualTo(
            new DatabaseLocation.Server("db.example", 6432, "games", "anna", "p@ss:w+rd", true));
    assertThat(DatabaseLocation.parse("postgresql://anna@db/games"))
        .isEqualTo(new DatabaseLocation.Server("db", 5432, "games", "anna", null, false));
  }

  @ParameterizedTest
  @ValueSource(strings = {"sqlite:data/x.db", "sqlite://data/x.db", "data/x.db"})
  void readsEverythingElseAsFile(String url) {
    assertThat(DatabaseLocation.parse(url))
        .isEqualTo(new DatabaseLocation.File(Path.of("data/x.db")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "mysql://u:secret@h/d", "postgres://host/db", "postgres://u:secret@h"})
  void rejectsInvalidUrlWithoutShowingPassword(String url) {
    assertThatThrownBy(() -> DatabaseLocation.parse(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("secret");
  }

  @Test
  void doesNotPrintPassword() {
    assertThat(DatabaseLocation.parse("postgres://anna:secret@db/games").toString())
        .isEqualTo("postgres://anna@db:5432/games");
  }
}

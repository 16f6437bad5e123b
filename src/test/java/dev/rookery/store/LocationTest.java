package dev.rookery.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LocationTest {
  @Test
  void aServerIsReadFromItsUrl() {
    assertThat(
            Location.parse("postgres://anna:p%40ss%3Aw+rd@db.example:6432/games?sslmode=require"))
        .isEqualTo(new Location.Server("db.example", 6432, "games", "anna", "p@ss:w+rd", true));
    assertThat(Location.parse("postgresql://anna@db/games"))
        .isEqualTo(new Location.Server("db", 5432, "games", "anna", null, false));
  }

  @ParameterizedTest
  @ValueSource(strings = {"sqlite:data/x.db", "sqlite://data/x.db", "data/x.db"})
  void everythingElseIsAFile(String url) {
    assertThat(Location.parse(url)).isEqualTo(new Location.File(Path.of("data/x.db")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "mysql://u:secret@h/d", "postgres://host/db", "postgres://u:secret@h"})
  void whatIsNeitherIsRefusedWithoutTellingThePassword(String url) {
    assertThatThrownBy(() -> Location.parse(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("secret");
  }

  @Test
  void aPasswordIsNotPrinted() {
    assertThat(Location.parse("postgres://anna:secret@db/games").toString())
        .isEqualTo("postgres://anna@db:5432/games");
  }
}

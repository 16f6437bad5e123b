package dev.rookery.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rookery.config.ConfigException;
import dev.rookery.config.ConfigReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StaticFolderCheckTest {
  @TempDir private Path folder;

  @BeforeEach
  void arrange() throws IOException {
    Files.createDirectories(folder.resolve("data/games"));
    Files.createDirectories(folder.resolve("static"));
    Files.createSymbolicLink(folder.resolve("to-data"), folder.resolve("data"));
    Files.createSymbolicLink(folder.resolve("to-all"), Path.of("."));
    Files.createSymbolicLink(folder.resolve("to-later"), Path.of("later/data"));
    Files.createSymbolicLink(folder.resolve("to-later-too"), Path.of("to-later"));
  }

  @ParameterizedTest
  @CsvSource({
    "., data",
    "data, data",
    "data/games, data",
    "data/new/folder, data",
    "to-data, data",
    "to-data/games, data",
    "to-all, data",
    "to-all/data, data",
    "static/../data, data",
    "later/data, to-later",
    "to-later, later/data",
    "to-later-too, later/data",
    "to-later, later/data/inner",
    "/, data"
  })
  void refusesFoldersThatContainEachOther(String served, String data) {
    assertThat(problems(served, data, "db/rookery.db"))
        .contains("staticFiles.folder (STATIC_DIR): ")
        .contains(folder.resolve(data).getFileName().toString());
  }

  @ParameterizedTest
  @CsvSource({"db, db/rookery.db", "., db/rookery.db", "to-all/db, db/rookery.db"})
  void refusesAStaticFolderWithTheDatabase(String served, String database) throws IOException {
    Files.createDirectories(folder.resolve("db"));

    assertThat(problems(served, "elsewhere/data", database)).contains("STATIC_DIR");
  }

  @Test
  void acceptsFoldersBesideEachOther() {
    assertThatCode(() -> read("static", "data", "rookery.db")).doesNotThrowAnyException();
    assertThatCode(() -> read("data-static", "data", "data/rookery.db")).doesNotThrowAnyException();
  }

  private String problems(String served, String data, String database) {
    return catchThrowableOfType(ConfigException.class, () -> read(served, data, database))
        .problems()
        .toString();
  }

  private void read(String served, String data, String database) throws ConfigException {
    var settings =
        Map.of(
            "STATIC_DIR", folder.resolve(served).toString(),
            "ROOKERY_DATA_DIR", folder.resolve(data).toString(),
            "SQLITE_DATABASE_PATH", folder.resolve(database).toString());
    ConfigReader.read(null, settings, ConfigChecks.ALL);
  }
}

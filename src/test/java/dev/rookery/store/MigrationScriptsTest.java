package dev.rookery.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MigrationScriptsTest {
  @ParameterizedTest
  @CsvSource({
    "file:/a%20b/classes/dev/rookery/Main.class, /a b/classes",
    "jar:file:/a%20b/rookery.jar!/dev/rookery/Main.class, /a b/rookery.jar",
  })
  void findsTheFolderOrTheJarOfAClass(String file, String location) throws Exception {
    assertThat(MigrationScripts.location(URI.create(file).toURL(), "dev.rookery.Main"))
        .isEqualTo(Path.of(location));
  }
}

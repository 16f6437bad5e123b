package dev.rookery.protocol.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PageStyleTest {
  private static final Pattern PHYSICAL =
      Pattern.compile(
          "(?:^|[\\s;{])(?:(?:margin|padding|border)-(?:left|right)[\\w-]*|left|right"
              + "|border-(?:top|bottom)-(?:left|right)-radius)\\s*:"
              + "|(?:text-align|float|clear)\\s*:\\s*(?:left|right)");

  @ParameterizedTest
  @ValueSource(strings = {"page/page.css", "play/play.css"})
  void stylesPagesByLogicalPropertiesAlone(String sheet) throws Exception {
    String css = Files.readString(Path.of("src/main/resources", sheet));

    assertThat(css.lines().filter(line -> PHYSICAL.matcher(line).find()))
        .as("properties that do not turn around in languages from right to left")
        .isEmpty();
  }
}

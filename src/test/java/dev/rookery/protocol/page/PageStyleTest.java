package dev.rookery.protocol.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for the style sheets and templates of all pages. */
final class PageStyleTest {
  private static final Pattern PHYSICAL =
      Pattern.compile(
          "(?:^|[\\s;{])(?:(?:margin|padding|border)-(?:left|right)[\\w-]*|left|right"
              + "|border-(?:top|bottom)-(?:left|right)-radius)\\s*:"
              + "|(?:text-align|float|clear)\\s*:\\s*(?:left|right)");

  private static final Pattern WORD = Pattern.compile("\\p{L}");
  private static final String EXPRESSION = "\\{\\{.*?}}";
  private static final Pattern NAMED_CONTROL =
      Pattern.compile(
          "<(?:a|button|summary)\\b[^>]*? aria-label=\"((?:%s|[^\"{])*)\"[^>]*>((?:%s|[^<{])+)</"
              .formatted(EXPRESSION, EXPRESSION));

  @ParameterizedTest
  @ValueSource(
      strings = {"page/page.css", "play/play.css", "console/console.css", "welcome/page.css"})
  void stylesPagesByLogicalPropertiesAlone(String sheet) throws Exception {
    String css = Files.readString(Path.of("src/main/resources", sheet));

    assertThat(css.lines().filter(line -> PHYSICAL.matcher(line).find()))
        .as("properties that do not turn around in languages from right to left")
        .isEmpty();
  }

  /** Speech control finds a control by the text that it shows, in every language. */
  @ParameterizedTest
  @ValueSource(strings = {"page", "console"})
  void namesControlsByTheTextThatTheyShow(String folder) throws Exception {
    var misnamed = new ArrayList<String>();
    int named = 0;
    try (var templates =
        Files.newDirectoryStream(Path.of("src/main/resources", folder), "*.html")) {
      for (Path template : templates) {
        for (var control : NAMED_CONTROL.matcher(Files.readString(template)).results().toList()) {
          named++;
          String shown = control.group(2).strip();
          if (WORD.matcher(shown).find() && !control.group(1).contains(shown)) {
            misnamed.add(template.getFileName() + ": " + control.group());
          }
        }
      }
    }

    assertThat(misnamed).isEmpty();
    assertThat(named).isPositive();
  }
}

package dev.rookery.protocol.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rookery.translation.Translations;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ThemesTest {
  private static final Translations TRANSLATIONS =
      new Translations("en", new SimpleMeterRegistry());

  @TempDir private Path folder;

  private Themes themes() {
    return new Themes(
        folder.resolve("config.json"),
        "Rookery",
        folder.resolve("static"),
        TRANSLATIONS,
        InstantSource.fixed(Instant.EPOCH));
  }

  private void write(String name, String content) throws IOException {
    Files.writeString(folder.resolve(name), content);
  }

  private String title(Themes themes, String tag) {
    return themes.of(TRANSLATIONS.of(tag).language()).title();
  }

  @Test
  void prefersTheFileOfTheLanguageThenEnglishThenThePlainOne() throws IOException {
    write("config.json", "{\"title\": \"Plain\"}");
    write("config.pt.json", "{\"title\": \"Portuguese\"}");
    Themes themes = themes();
    assertThat(title(themes, "pt-BR")).isEqualTo("Portuguese");
    assertThat(title(themes, "de")).isEqualTo("Plain");

    write("config.en.json", "{\"title\": \"English\"}");
    write("config.pt_br.json", "{\"title\": \"Brazilian\"}");
    assertThat(themes.refresh()).isTrue();
    assertThat(title(themes, "pt-BR")).isEqualTo("Brazilian");
    assertThat(title(themes, "de")).isEqualTo("English");
    assertThat(themes.refresh()).isFalse();
  }

  @Test
  void keepsTheLastGoodThemeAndSaysWhy() throws IOException {
    write("config.json", "{\"title\": \"Good\", \"terms\": \"terms.html\"}");
    write("terms.html", "Be kind.");
    Themes themes = themes();
    assertThat(themes.warnings()).isEmpty();

    write("config.json", "{\"title\": \"Half");
    assertThat(themes.refresh()).isTrue();
    assertThat(title(themes, "en")).isEqualTo("Good");
    assertThat(themes.warnings())
        .singleElement()
        .asString()
        .startsWith("The changed theme cannot be used, and the previous one stays: ")
        .contains("config.json");
    assertThat(themes.refresh()).isFalse();

    write("config.json", "{\"title\": \"Later\", \"changelog\": \"CHANGELOG.md\"}");
    assertThat(themes.refresh()).isTrue();
    assertThat(title(themes, "en")).isEqualTo("Good");
    assertThat(themes.refresh()).isFalse();
    write("CHANGELOG.md", "# News");
    assertThat(themes.refresh()).as("a file that was missing").isTrue();
    assertThat(title(themes, "en")).isEqualTo("Later");

    write("config.json", "{\"title\": \"Better\"}");
    assertThat(themes.refresh()).isTrue();
    assertThat(title(themes, "en")).isEqualTo("Better");
    assertThat(themes.warnings()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "{\"title\": 7}",
        "{\"css\": \"missing.css\"}",
        "{\"nav_links\": [{\"label\": \"x\", \"href\": \"javascript:alert(1)\"}]}",
        "{\"nav_links\": [{\"label\": \"x\", \"href\": \"//other.example\"}]}",
        "{\"nav_links\": [{\"href\": \"/x\"}]}",
        "{\"nav_links\": [{\"label\": \"x\", \"href\": \"/x\", \"auth\": \"root\"}]}",
        "{\"nav_links\": \"x\"}",
        "{\"theme_color\": {\"light\": \"red;\"}}",
        "{\"blog\": \"nowhere\"}"
      })
  void refusesWhatCannotBeUsedAndNamesTheFile(String json) throws IOException {
    write("config.json", json);
    assertThatThrownBy(this::themes)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("config.json");
  }

  @Test
  void boundsAllFilesTogether() throws IOException {
    write("config.json", "{\"blog\": \"blog\"}");
    Files.createDirectory(folder.resolve("blog"));
    for (int post = 10; post < 21; post++) {
      write("blog/post-" + post + ".md", "x".repeat(999_999));
    }
    assertThatThrownBy(this::themes).hasMessageContaining("more than 10000000 bytes");
  }

  @Test
  void warnsOfWhatItIgnores() throws IOException {
    write("config.json", "{\"logo\": \"https://cdn.example/logo.png\", \"tilte\": \"Typo\"}");
    Themes themes = themes();
    assertThat(themes.standard().logo()).isEmpty();
    assertThat(themes.warnings())
        .anyMatch(warning -> warning.contains("https://cdn.example/logo.png"))
        .anyMatch(warning -> warning.contains("tilte"));
  }

  @Test
  void namesTheLineOfWhatIsWrong() throws IOException {
    write(
        "config.json",
        """
        {
          "title": "Lines",
          "logo": "/logo.png",
          "nav_links": [
            {"label": "Prizes", "href": "/achievements", "icon": "hero-trophy-solid"},
            {"label": "Odd", "href": "/play", "icon": "hero-unicorn"}
          ],
          "tilte": "Typo"
        }
        """);
    Themes themes = themes();
    assertThat(themes.standard().navLinks())
        .extracting(ThemeLink::icon)
        .containsExactly("trophy", "");
    assertThat(themes.state().findings())
        .extracting(finding -> finding.line() + " " + finding.text())
        .anyMatch(text -> text.startsWith("8 the key tilte"))
        .anyMatch(text -> text.startsWith("6 the icon hero-unicorn"))
        .anyMatch(text -> text.startsWith("3 the picture /logo.png is missing"));

    Files.createDirectory(folder.resolve("static"));
    write("static/logo.png", "");
    assertThat(themes.refresh()).as("a picture that was missing").isTrue();
    assertThat(themes.state().findings()).hasSize(2);

    write(
        "config.json",
        "{\n \"title\": \"Unsafe\",\n \"nav_links\": [\n  {\"label\": \"x\","
            + " \"href\": \"javascript:alert(1)\"}]}");
    assertThat(themes.reload().findings())
        .anyMatch(finding -> finding.error() && finding.line() == 4);
    write("config.json", "{\n\n oops");
    assertThat(themes.reload().findings())
        .anyMatch(finding -> finding.error() && finding.line() == 3);
    assertThat(themes.standard().title()).isEqualTo("Lines");
  }

  @Test
  void readsTheNewerFormOfTheFile() throws IOException {
    write(
        "config.json",
        """
        {
          "title": "Newer", "tagline": "Plain", "useful_links": [{"title": "Old", "url": "/play"}],
          "pages": {"home": {
            "hero": {"title": "Sail", "subtitle": "On the wind", "buttons": [
              {"title": "Play", "url": "/play", "icon": "play", "style": "secondary"}]},
            "sections": [{"title": "Why", "items": [{"title": "Wind", "icon": "hero-cloud"}]}]}},
          "navigation": {"primary_links": [{"label": "Map", "href": "/map"}]},
          "footer": {"sections": [{"title": "Help", "links": [{"label": "Ask", "href": "/ask"}]}]}
        }
        """);
    Theme theme = themes().standard();
    assertThat(themes().warnings()).isEmpty();
    assertThat(theme.home().title()).isEqualTo("Sail");
    assertThat(theme.home().tagline()).isEqualTo("On the wind");
    assertThat(theme.home().links()).extracting(ThemeLink::label).containsExactly("Play", "Old");
    assertThat(theme.home().sections().getFirst().features().getFirst().icon()).isEqualTo("cloud");
    assertThat(theme.navLinks()).extracting(ThemeLink::label).containsExactly("Map");
    assertThat(theme.footerLinks().getFirst().items())
        .extracting(ThemeLink::label)
        .containsExactly("Ask");
  }

  @Test
  void showsTheColoursOfAPreviewWhateverTheBrowserPrefers() {
    String css = "@media ( prefers-color-scheme: dark ) { a { color: red } }";
    assertThat(ColorScheme.forced(css, "dark")).startsWith("@media (min-width: 0) {");
    assertThat(ColorScheme.forced(css, "light")).startsWith("@media (max-width: 0) {");
  }

  @Test
  void measuresTheContrastOfColours() throws IOException {
    assertThat(ThemeContrast.ratio("#000", "#ffffff")).isEqualTo(21);
    write("config.json", "{\"css\": \"look.css\"}");
    write(
        "look.css",
        """
        :root { --soft: #999999; /* --ink: #fff; */ }
        @media (prefers-color-scheme: dark) { :root { --soft: #cccccc; --bad: #501010; } }
        """);
    assertThat(themes().warnings())
        .anyMatch(warning -> warning.contains("--soft on --paper") && warning.contains("light"))
        .anyMatch(warning -> warning.contains("--bad on --sheet") && warning.contains("dark"))
        .noneMatch(warning -> warning.contains("--ink"))
        .noneMatch(warning -> warning.contains("--soft") && warning.contains("dark"));
  }

  @Test
  void standardColoursNeedNoWarning() throws IOException {
    write("config.json", "{\"css\": \"look.css\"}");
    write("look.css", "");
    assertThat(themes().warnings()).isEmpty();
  }
}

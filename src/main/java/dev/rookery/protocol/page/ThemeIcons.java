package dev.rookery.protocol.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The icons that themes can name: the symbols of {@code /page/icons.svg}. */
final class ThemeIcons {
  static final String FILE = "icons.svg";

  private static final Pattern SYMBOL = Pattern.compile("<symbol id=\"([a-z0-9-]+)\"");

  /** Names as themes of other servers write them: {@code hero-trophy-solid}. */
  private static final Pattern DECORATION =
      Pattern.compile("^hero-|-(?:solid|outline|mini|micro)$");

  private static final Set<String> NAMES = names();

  private ThemeIcons() {}

  /** Returns the icon of a name in a theme; empty if there is none. */
  static String find(String name) {
    String plain = DECORATION.matcher(name).replaceAll("");
    return NAMES.contains(plain) ? plain : "";
  }

  private static Set<String> names() {
    try (InputStream content = ThemeIcons.class.getResourceAsStream("/page/" + FILE)) {
      if (content == null) {
        throw new IllegalStateException(FILE + " is not on the class path");
      }
      String svg = new String(content.readAllBytes(), StandardCharsets.UTF_8);
      return SYMBOL
          .matcher(svg)
          .results()
          .map((MatchResult found) -> found.group(1))
          .collect(Collectors.toUnmodifiableSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

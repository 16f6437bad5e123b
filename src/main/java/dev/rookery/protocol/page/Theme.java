package dev.rookery.protocol.page;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The branding of the pages. It is read from a JSON file with any of {@code title} (the product
 * name), {@code css} (a style sheet that overrides the CSS variables), {@code privacy} and {@code
 * terms} (HTML fragments). The last three name files in the same folder.
 *
 * @param css null for the standard style
 * @param privacy null for the standard text
 * @param terms null for the standard text
 */
public record Theme(
    String title, @Nullable Buffer css, @Nullable String privacy, @Nullable String terms) {
  private static final String SUFFIX = ".json";

  /** Returns the standard theme with the given product name. */
  public static Theme standard(String title) {
    return new Theme(title, null, null, null);
  }

  /**
   * Reads a theme file; prefers {@code theme.en.json} if {@code theme.json} is given. Throws {@link
   * IllegalArgumentException} that names the file and the error.
   *
   * @param title the product name if the file has none
   */
  public static Theme read(Path given, String title) {
    Path file = localized(given);
    try {
      JsonObject json = new JsonObject(Files.readString(file));
      Path css = beside(file, json, "css");
      return new Theme(
          json.getString("title", title),
          css == null ? null : Buffer.buffer(Files.readAllBytes(css)),
          text(beside(file, json, "privacy")),
          text(beside(file, json, "terms")));
    } catch (IOException | DecodeException | ClassCastException broken) {
      throw new IllegalArgumentException(
          "the theme " + file + " cannot be read: " + broken, broken);
    }
  }

  private static Path localized(Path given) {
    String name = given.toString();
    if (!name.endsWith(SUFFIX)) {
      return given;
    }
    Path english = Path.of(name.substring(0, name.length() - SUFFIX.length()) + ".en" + SUFFIX);
    return Files.exists(english) ? english : given;
  }

  private static @Nullable Path beside(Path file, JsonObject json, String key) {
    String name = json.getString(key);
    return name == null ? null : file.resolveSibling(name);
  }

  private static @Nullable String text(@Nullable Path file) throws IOException {
    return file == null ? null : Files.readString(file);
  }
}

package dev.rookery.protocol.page;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How the pages look and what they say of the one who runs them. A JSON file with any of {@code
 * title} (the name of the game), {@code css}, {@code privacy} and {@code terms}: files beside it, a
 * style sheet that sets the variables of ours anew, and pieces of HTML.
 *
 * @param css null for none, as the next two
 */
public record Theme(
    String title, @Nullable Buffer css, @Nullable String privacy, @Nullable String terms) {
  private static final String SUFFIX = ".json";

  /** Ours, for a game of that name. */
  public static Theme standard(String title) {
    return new Theme(title, null, null, null);
  }

  /**
   * Reads {@code theme.en.json} where {@code theme.json} is named, and that one where there is no
   * other. Throws {@link IllegalArgumentException} with a sentence for the one who wrote it.
   *
   * @param title where the file has none
   */
  public static Theme read(Path named, String title) {
    Path file = localised(named);
    try {
      JsonObject written = new JsonObject(Files.readString(file));
      Path css = beside(file, written, "css");
      return new Theme(
          written.getString("title", title),
          css == null ? null : Buffer.buffer(Files.readAllBytes(css)),
          text(beside(file, written, "privacy")),
          text(beside(file, written, "terms")));
    } catch (IOException | DecodeException | ClassCastException broken) {
      throw new IllegalArgumentException(
          "the theme " + file + " cannot be read: " + broken, broken);
    }
  }

  private static Path localised(Path named) {
    String name = named.toString();
    if (!name.endsWith(SUFFIX)) {
      return named;
    }
    Path english = Path.of(name.substring(0, name.length() - SUFFIX.length()) + ".en" + SUFFIX);
    return Files.exists(english) ? english : named;
  }

  private static @Nullable Path beside(Path file, JsonObject written, String key) {
    String name = written.getString(key);
    return name == null ? null : file.resolveSibling(name);
  }

  private static @Nullable String text(@Nullable Path file) throws IOException {
    return file == null ? null : Files.readString(file);
  }
}

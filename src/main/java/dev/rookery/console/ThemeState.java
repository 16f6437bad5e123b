package dev.rookery.console;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The theme of the player pages as a node has read it from its files.
 *
 * @param file the configured file; empty without a theme
 * @param readMs when its files were read last
 * @param languages which file each language uses
 * @param findings what is wrong in the files as they are now, at most {@value #FINDINGS_MAX}
 * @param contrasts the measured pairs of colours of the style sheets, at most {@value
 *     #CONTRASTS_MAX}
 */
public record ThemeState(
    String file,
    long readMs,
    List<ThemeLanguage> languages,
    List<Finding> findings,
    List<Contrast> contrasts) {
  static final int FINDINGS_MAX = 200;
  static final int CONTRASTS_MAX = 200;

  /** Without a theme. */
  public static final ThemeState NONE = new ThemeState("", 0, List.of(), List.of(), List.of());

  public ThemeState {
    languages = List.copyOf(languages);
    findings = findings.stream().limit(FINDINGS_MAX).toList();
    contrasts = contrasts.stream().limit(CONTRASTS_MAX).toList();
  }

  /** The file that pages in a language use, and the name of the game in it. */
  public record ThemeLanguage(String tag, String name, String file, String title) {}

  /**
   * Something that is wrong in a file.
   *
   * @param error whether the previous theme is used because of it; otherwise it is only ignored
   * @param line 0 if it is not known
   */
  public record Finding(boolean error, String file, int line, String text) {}

  /**
   * The contrast of two colours.
   *
   * @param sheet the style sheet of the theme
   * @param dark whether in dark pages
   * @param text the variable of the text, without its dashes, like {@code background}
   * @param ratio to 1
   */
  public record Contrast(
      String sheet, boolean dark, String text, String background, double ratio, boolean enough) {}

  JsonObject toJson() {
    return new JsonObject()
        .put("file", file)
        .put("read", readMs)
        .put(
            "languages",
            list(
                languages,
                one ->
                    JsonObject.of(
                        "tag", one.tag, "name", one.name, "file", one.file, "title", one.title)))
        .put(
            "findings",
            list(
                findings,
                one ->
                    JsonObject.of(
                        "error", one.error, "file", one.file, "line", one.line, "text", one.text)))
        .put(
            "contrasts",
            list(
                contrasts,
                one ->
                    new JsonObject()
                        .put("sheet", one.sheet)
                        .put("dark", one.dark)
                        .put("text", one.text)
                        .put("background", one.background)
                        .put("ratio", one.ratio)
                        .put("enough", one.enough)));
  }

  static ThemeState fromJson(JsonObject json) {
    return new ThemeState(
        json.getString("file"),
        json.getLong("read"),
        parse(
            json.getJsonArray("languages"),
            one ->
                new ThemeLanguage(
                    one.getString("tag"),
                    one.getString("name"),
                    one.getString("file"),
                    one.getString("title"))),
        parse(
            json.getJsonArray("findings"),
            one ->
                new Finding(
                    one.getBoolean("error"),
                    one.getString("file"),
                    one.getInteger("line"),
                    one.getString("text"))),
        parse(
            json.getJsonArray("contrasts"),
            one ->
                new Contrast(
                    one.getString("sheet"),
                    one.getBoolean("dark"),
                    one.getString("text"),
                    one.getString("background"),
                    one.getDouble("ratio"),
                    one.getBoolean("enough"))));
  }

  private static <T> JsonArray list(List<T> items, Function<T, JsonObject> view) {
    var list = new JsonArray();
    items.forEach(item -> list.add(view.apply(item)));
    return list;
  }

  private static <T> List<T> parse(JsonArray list, Function<JsonObject, T> item) {
    var items = new ArrayList<T>();
    for (int i = 0; i < list.size(); i++) {
      items.add(item.apply(list.getJsonObject(i)));
    }
    return items;
  }
}

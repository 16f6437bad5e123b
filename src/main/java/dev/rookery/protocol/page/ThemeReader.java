package dev.rookery.protocol.page;

import dev.rookery.protocol.page.Theme.Feature;
import dev.rookery.protocol.page.ThemeContent.BlogPost;
import dev.rookery.protocol.page.ThemeContent.Document;
import dev.rookery.protocol.page.ThemeLink.Visibility;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads one theme file and the files that it names. What cannot be used is an {@link
 * IllegalArgumentException} that names the file; what is merely ignored is a warning. Blocks.
 */
final class ThemeReader {
  private static final int FILE_BYTES_MAX = 1_000_000;
  private static final int BYTES_MAX = 10_000_000;
  private static final int POSTS_MAX = 1_000;
  private static final int LINKS_MAX = 50;
  private static final int TEXT_MAX = 2_000;
  private static final String BLOG_IMAGES = "blog/";
  private static final String CHANGELOG_IMAGES = "changelog/";
  private static final Pattern POST =
      Pattern.compile("(?:(\\d{4}-\\d{2}-\\d{2})-)?([a-z0-9][a-z0-9-]{0,99})\\.md");
  private static final Pattern COLOR = Pattern.compile("#[0-9a-fA-F]{3}(?:[0-9a-fA-F]{3})?");
  private static final Set<String> KEYS =
      new TreeSet<>(
          Set.of(
              "title",
              "tagline",
              "description",
              "logo",
              "banner",
              "favicon",
              "css",
              "theme_color",
              "nav_links",
              "useful_links",
              "footer_links",
              "features",
              "changelog",
              "roadmap",
              "blog",
              "privacy",
              "terms"));

  private final Path file;
  private final String images;
  private final List<String> warnings;
  private final Set<Path> files;
  private long bytes;

  private ThemeReader(Path file, String images, List<String> warnings, Set<Path> files) {
    this.file = file;
    this.images = images;
    this.warnings = warnings;
    this.files = files;
  }

  /** A theme, and what of its file is ignored. */
  record Read(Theme theme, List<String> warnings) {}

  /**
   * @param title the product name if the file has none
   * @param images the path under which the pictures of its Markdown files are served
   * @param files gets all files that the theme is made of, also those that are missing
   */
  static Read read(Path file, String title, String images, Set<Path> files) {
    var warnings = new ArrayList<String>();
    var reader = new ThemeReader(file, images, warnings, files);
    try {
      Theme theme = reader.theme(new JsonObject(reader.text(file)), title);
      return new Read(theme, List.copyOf(warnings));
    } catch (IOException | DecodeException | ClassCastException | IllegalArgumentException broken) {
      throw new IllegalArgumentException(
          "the theme " + file + " cannot be read: " + describe(broken), broken);
    }
  }

  private static String describe(Exception broken) {
    return broken instanceof CharacterCodingException
        ? "a file is not UTF-8"
        : broken instanceof IOException ? broken.toString() : String.valueOf(broken.getMessage());
  }

  private Theme theme(JsonObject json, String title) throws IOException {
    json.fieldNames().stream()
        .filter(key -> !KEYS.contains(key))
        .sorted()
        .forEach(key -> warn("the key " + key + " is not known"));
    String css = string(json, "css");
    boolean cssIsPath = css.startsWith("/");
    JsonObject banner = lightAndDark(json, "banner");
    JsonObject color = lightAndDark(json, "theme_color");
    String name = string(json, "title");
    return new Theme(
        name.isEmpty() ? title : name,
        string(json, "tagline"),
        string(json, "description"),
        picture(string(json, "logo")),
        picture(string(banner, "light")),
        picture(string(banner, "dark")),
        picture(string(json, "favicon")),
        color(string(color, "light")),
        color(string(color, "dark")),
        css.isEmpty() || cssIsPath ? null : Buffer.buffer(text(beside(css))),
        cssIsPath ? underStatic(css) : "",
        textOf(json, "privacy"),
        textOf(json, "terms"),
        links(json, "nav_links", true),
        links(json, "useful_links", false),
        links(json, "footer_links", false),
        features(json),
        content(json));
  }

  private void warn(String what) {
    warnings.add("The theme " + file.getFileName() + ": " + what + ".");
  }

  private static String string(JsonObject json, String key) {
    Object value = json.getValue(key);
    if (value == null) {
      return "";
    }
    if (!(value instanceof String text) || text.length() > TEXT_MAX) {
      throw new IllegalArgumentException(key + " is not a text of at most " + TEXT_MAX);
    }
    return text;
  }

  /** Reads an object with the keys light and dark; a text stands for the first. */
  private static JsonObject lightAndDark(JsonObject json, String key) {
    return json.getValue(key) instanceof String light
        ? JsonObject.of("light", light)
        : json.getJsonObject(key, new JsonObject());
  }

  private String color(String color) {
    if (color.isEmpty() || COLOR.matcher(color).matches()) {
      return color;
    }
    throw new IllegalArgumentException("theme_color is " + color + "; it is as in #24568a");
  }

  /** A picture of this server; pages load none from elsewhere. */
  private String picture(String address) {
    if (address.isEmpty() || (address.startsWith("/") && !address.startsWith("//"))) {
      return address.isEmpty() ? "" : underStatic(address);
    }
    warn("the picture " + address + " is of another site and is not shown; put it below static/");
    return "";
  }

  private static String underStatic(String path) {
    return path.startsWith("/static/") || path.startsWith("/content/") ? path : "/static" + path;
  }

  private List<ThemeLink> links(JsonObject json, String key, boolean nested) {
    JsonArray all = json.getJsonArray(key, new JsonArray());
    if (all.size() > LINKS_MAX) {
      throw new IllegalArgumentException(key + " has more than " + LINKS_MAX + " links");
    }
    var links = new ArrayList<ThemeLink>();
    for (Object link : all) {
      links.add(link((JsonObject) link, key, nested));
    }
    return links;
  }

  private ThemeLink link(JsonObject json, String key, boolean nested) {
    String label = string(json, json.containsKey("title") ? "title" : "label");
    String href = string(json, json.containsKey("url") ? "url" : "href");
    List<ThemeLink> items =
        nested && json.containsKey("items") ? links(json, "items", false) : List.of();
    boolean own = href.startsWith("/") && !href.startsWith("//");
    boolean group = href.isEmpty() && !items.isEmpty();
    if (label.isEmpty() || !(own || group || href.matches("https?://[^\\s\"<>]+"))) {
      throw new IllegalArgumentException(
          key
              + " has the link \""
              + label
              + "\" to \""
              + href
              + "\"; a link has a label, and leads to a path or to https://…");
    }
    return new ThemeLink(
        label,
        href,
        Visibility.parse(json.getString("auth", "any")),
        json.getBoolean("external", !own && !group),
        items);
  }

  private static List<Feature> features(JsonObject json) {
    JsonArray all = json.getJsonArray("features", new JsonArray());
    if (all.size() > LINKS_MAX) {
      throw new IllegalArgumentException("there are more than " + LINKS_MAX + " features");
    }
    var features = new ArrayList<Feature>();
    for (Object each : all) {
      var feature = (JsonObject) each;
      features.add(new Feature(string(feature, "title"), string(feature, "description")));
    }
    return features;
  }

  private ThemeContent content(JsonObject json) throws IOException {
    String blog = string(json, "blog");
    String changelog = string(json, "changelog");
    var pictures = new HashMap<String, Path>();
    if (!blog.isEmpty()) {
      pictures.put("blog", beside(blog));
    }
    if (!changelog.isEmpty()) {
      pictures.put("changelog", beside(changelog).resolveSibling("."));
    }
    return new ThemeContent(
        document(changelog),
        document(string(json, "roadmap")),
        blog.isEmpty() ? null : posts(beside(blog)),
        pictures);
  }

  private @Nullable Document document(String name) throws IOException {
    return name.isEmpty()
        ? null
        : new MarkdownRenderer(images + CHANGELOG_IMAGES).render(text(beside(name)));
  }

  private List<BlogPost> posts(Path folder) throws IOException {
    var renderer = new MarkdownRenderer(images + BLOG_IMAGES);
    var posts = new ArrayList<BlogPost>();
    files.add(folder);
    List<Path> found;
    try (Stream<Path> all = Files.list(folder)) {
      found = all.filter(each -> each.toString().endsWith(".md")).sorted().toList();
    }
    if (found.size() > POSTS_MAX) {
      throw new IllegalArgumentException(folder + " has more than " + POSTS_MAX + " posts");
    }
    for (Path each : found) {
      Matcher name = POST.matcher(each.getFileName().toString().toLowerCase(Locale.ROOT));
      String date = name.matches() && name.group(1) != null ? name.group(1) : "";
      if (name.matches() && (date.isEmpty() || isDate(date))) {
        posts.add(new BlogPost(name.group(2), date, renderer.render(text(each))));
      } else {
        warn("the name of the post " + each.getFileName() + " is not as in 2026-11-29-title.md");
      }
    }
    posts.sort(Comparator.comparing(BlogPost::date).reversed());
    return posts;
  }

  private static boolean isDate(String text) {
    try {
      LocalDate.parse(text);
      return true;
    } catch (DateTimeParseException _) {
      return false;
    }
  }

  private @Nullable String textOf(JsonObject json, String key) throws IOException {
    String name = string(json, key);
    return name.isEmpty() ? null : text(beside(name));
  }

  private Path beside(String name) {
    return file.resolveSibling(name);
  }

  private String text(Path path) throws IOException {
    files.add(path);
    long size = Files.size(path);
    if (size > FILE_BYTES_MAX) {
      throw new IllegalArgumentException(path + " is larger than " + FILE_BYTES_MAX + " bytes");
    }
    bytes += size;
    if (bytes > BYTES_MAX) {
      throw new IllegalArgumentException("its files have more than " + BYTES_MAX + " bytes");
    }
    return Files.readString(path);
  }
}

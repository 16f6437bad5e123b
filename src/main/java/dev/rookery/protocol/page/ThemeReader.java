package dev.rookery.protocol.page;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.rookery.console.ThemeState.Finding;
import dev.rookery.protocol.page.ThemeContent.BlogPost;
import dev.rookery.protocol.page.ThemeContent.Document;
import dev.rookery.protocol.page.ThemeHome.Feature;
import dev.rookery.protocol.page.ThemeHome.Section;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads one theme file and the files that it names. What cannot be used is a {@link ThemeException}
 * that names the file; what is merely ignored is a finding. Blocks.
 */
final class ThemeReader {
  private static final int FILE_BYTES_MAX = 1_000_000;
  private static final int BYTES_MAX = 10_000_000;
  private static final int POSTS_MAX = 1_000;
  private static final String BLOG_IMAGES = "blog/";
  private static final String CHANGELOG_IMAGES = "changelog/";
  private static final Pattern POST =
      Pattern.compile("(?:(\\d{4}-\\d{2}-\\d{2})-)?([a-z0-9][a-z0-9-]{0,99})\\.md");
  private static final Set<String> KEYS =
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
          "terms",
          "pages",
          "navigation",
          "footer");

  private final Path file;
  private final String images;
  private final ThemeFile values;
  private final Set<Path> files;
  private long bytes;

  private ThemeReader(Path file, String images, ThemeFile values, Set<Path> files, long bytes) {
    this.file = file;
    this.images = images;
    this.values = values;
    this.files = files;
    this.bytes = bytes;
  }

  /** A theme, and what of its file is ignored. */
  record Read(Theme theme, List<Finding> findings) {}

  /**
   * @param title the product name if the file has none
   * @param staticFolder where the pictures of pages are
   * @param images the path under which the pictures of its Markdown files are served
   * @param files gets all files that the theme is made of, also those that are missing
   */
  static Read read(Path file, String title, Path staticFolder, String images, Set<Path> files) {
    try {
      files.add(file);
      String text = textOf(file);
      var json = new JsonObject(text);
      var values = new ThemeFile(file, staticFolder, JsonLines.of(text), files);
      var reader = new ThemeReader(file, images, values, files, Files.size(file));
      return new Read(reader.theme(json, title), values.findings());
    } catch (IOException | DecodeException | ClassCastException | IllegalArgumentException broken) {
      throw new ThemeException(
          "the theme " + file + " cannot be read: " + describe(broken), line(broken), broken);
    }
  }

  private static String describe(Exception broken) {
    return broken instanceof CharacterCodingException
        ? "a file is not UTF-8"
        : broken.getCause() instanceof JsonProcessingException json
            ? "line " + line(broken) + ": " + json.getOriginalMessage()
            : broken instanceof IOException
                ? broken.toString()
                : String.valueOf(broken.getMessage());
  }

  private static int line(Exception broken) {
    return switch (broken) {
      case ThemeException fault -> fault.line();
      case DecodeException decode
          when decode.getCause() instanceof JsonProcessingException json
              && json.getLocation() != null ->
          json.getLocation().getLineNr();
      default -> 0;
    };
  }

  private Theme theme(JsonObject json, String title) throws IOException {
    values.knows(json, "", KEYS);
    JsonObject color = values.lightAndDark(json, "", "theme_color");
    String name = values.text(json, "", "title");
    String product = name.isEmpty() ? title : name;
    String css = values.text(json, "", "css");
    String cssPath = css.startsWith("/") ? ThemeFile.underStatic(css) : "";
    return new Theme(
        product,
        values.text(json, "", "description"),
        values.picture(json, "", "logo"),
        values.picture(json, "", "favicon"),
        values.color(color, "/theme_color", "light"),
        values.color(color, "/theme_color", "dark"),
        sheet(css, cssPath),
        cssPath,
        textOf(json, "privacy"),
        textOf(json, "terms"),
        navLinks(json),
        footerLinks(json),
        home(json, product),
        content(json));
  }

  /** Without a sheet below static/, which may come later, the theme can be used all the same. */
  private @Nullable Buffer sheet(String css, String cssPath) throws IOException {
    if (css.isEmpty()) {
      return null;
    }
    if (cssPath.isEmpty()) {
      return Buffer.buffer(text(beside(css)));
    }
    Path found = values.inStaticFolder(cssPath);
    files.add(found);
    if (Files.isRegularFile(found)) {
      return Buffer.buffer(text(found));
    }
    values.warn("/css", "the style sheet " + css + " is missing; put it at " + found);
    return null;
  }

  private List<ThemeLink> navLinks(JsonObject json) {
    JsonObject navigation = values.object(json, "", "navigation");
    values.knows(navigation, "/navigation", Set.of("primary_links"));
    return joined(
        values.links(json, "", "nav_links", true),
        values.links(navigation, "/navigation", "primary_links", true));
  }

  private List<ThemeLink> footerLinks(JsonObject json) {
    JsonObject footer = values.object(json, "", "footer");
    values.knows(footer, "/footer", Set.of("sections"));
    return joined(
        values.links(json, "", "footer_links", false),
        values.links(footer, "/footer", "sections", true));
  }

  private static <T> List<T> joined(List<T> first, List<T> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }

  /** What {@code pages.home} has is preferred to what the file has for all of the theme. */
  private ThemeHome home(JsonObject json, String product) {
    JsonObject pages = values.object(json, "", "pages");
    values.knows(pages, "/pages", Set.of("home"));
    JsonObject page = values.object(pages, "/pages", "home");
    String at = "/pages/home";
    values.knows(page, at, Set.of("hero", "sections"));
    JsonObject hero = values.object(page, at, "hero");
    String heroAt = at + "/hero";
    values.knows(
        hero,
        heroAt,
        Set.of("title", "tagline", "subtitle", "description", "banner", "links", "buttons"));
    boolean ownBanner = hero.containsKey("banner");
    JsonObject banner =
        ownBanner
            ? values.lightAndDark(hero, heroAt, "banner")
            : values.lightAndDark(json, "", "banner");
    String bannerAt = (ownBanner ? heroAt : "") + "/banner";
    String title = values.text(hero, heroAt, "title");
    String tagline = values.text(hero, heroAt, "tagline", "subtitle");
    List<Feature> features = values.features(json, "", "features");
    List<Section> sections =
        features.isEmpty() ? List.of() : List.of(new Section("", "", "", features, List.of()));
    return new ThemeHome(
        title.isEmpty() ? product : title,
        tagline.isEmpty() ? values.text(json, "", "tagline") : tagline,
        values.text(hero, heroAt, "description"),
        values.picture(banner, bannerAt, "light"),
        values.picture(banner, bannerAt, "dark"),
        joined(
            values.links(hero, heroAt, hero.containsKey("links") ? "links" : "buttons", false),
            values.links(json, "", "useful_links", false)),
        joined(values.sections(page, at, "sections"), sections));
  }

  private ThemeContent content(JsonObject json) throws IOException {
    String blog = values.text(json, "", "blog");
    String changelog = values.text(json, "", "changelog");
    var pictures = new HashMap<String, Path>();
    if (!blog.isEmpty()) {
      pictures.put("blog", beside(blog));
    }
    if (!changelog.isEmpty()) {
      pictures.put("changelog", beside(changelog).resolveSibling("."));
    }
    return new ThemeContent(
        document(changelog),
        document(values.text(json, "", "roadmap")),
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
      throw values.fault("/blog", folder + " has more than " + POSTS_MAX + " posts");
    }
    for (Path each : found) {
      Matcher name = POST.matcher(each.getFileName().toString().toLowerCase(Locale.ROOT));
      String date = name.matches() && name.group(1) != null ? name.group(1) : "";
      if (name.matches() && (date.isEmpty() || isDate(date))) {
        posts.add(new BlogPost(name.group(2), date, renderer.render(text(each))));
      } else {
        values.warn(
            "/blog",
            "the name of the post " + each.getFileName() + " is not as in 2026-11-29-title.md");
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
    String name = values.text(json, "", key);
    return name.isEmpty() ? null : text(beside(name));
  }

  private Path beside(String name) {
    return file.resolveSibling(name);
  }

  private String text(Path path) throws IOException {
    files.add(path);
    bytes += Files.size(path);
    if (bytes > BYTES_MAX) {
      throw new IllegalArgumentException("its files have more than " + BYTES_MAX + " bytes");
    }
    return textOf(path);
  }

  private static String textOf(Path path) throws IOException {
    if (Files.size(path) > FILE_BYTES_MAX) {
      throw new IllegalArgumentException(path + " is larger than " + FILE_BYTES_MAX + " bytes");
    }
    return Files.readString(path);
  }
}

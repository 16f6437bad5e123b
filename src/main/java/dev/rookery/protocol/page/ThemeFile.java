package dev.rookery.protocol.page;

import dev.rookery.console.ThemeState.Finding;
import dev.rookery.protocol.page.ThemeHome.Feature;
import dev.rookery.protocol.page.ThemeHome.Section;
import dev.rookery.protocol.page.ThemeLink.Visibility;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The values of a theme file, each with its line. What cannot be used is a {@link ThemeException};
 * what is merely ignored is a finding. A value is named by its JSON pointer.
 */
final class ThemeFile {
  private static final int LINKS_MAX = 50;
  private static final int TEXT_MAX = 2_000;
  private static final Pattern COLOR = Pattern.compile("#[0-9a-fA-F]{3}(?:[0-9a-fA-F]{3})?");
  private static final Pattern ADDRESS = Pattern.compile("https?://[^\\s\"<>]+");
  private static final String STATIC = "/static/";

  private final Path file;
  private final Path staticFolder;
  private final JsonLines lines;
  private final Set<Path> files;
  private final List<Finding> findings = new ArrayList<>();

  /**
   * @param files gets the pictures that the theme names, also those that are missing
   */
  ThemeFile(Path file, Path staticFolder, JsonLines lines, Set<Path> files) {
    this.file = file;
    this.staticFolder = staticFolder;
    this.lines = lines;
    this.files = files;
  }

  List<Finding> findings() {
    return List.copyOf(findings);
  }

  void warn(String pointer, String text) {
    findings.add(new Finding(false, file.getFileName().toString(), lines.line(pointer), text));
  }

  IllegalArgumentException fault(String pointer, String text) {
    int line = lines.line(pointer);
    return new ThemeException("line " + line + ": " + text, line, null);
  }

  /** Warns of members that nothing reads. */
  void knows(JsonObject json, String pointer, Set<String> keys) {
    json.fieldNames().stream()
        .filter(key -> !keys.contains(key))
        .sorted()
        .forEach(key -> warn(pointer + "/" + key, "the key " + key + " is not known"));
  }

  /** Returns a text; that of the first of the keys that there is, empty if there is none. */
  String text(JsonObject json, String pointer, String... keys) {
    for (String key : keys) {
      Object value = json.getValue(key);
      if (value != null) {
        if (!(value instanceof String text) || text.length() > TEXT_MAX) {
          throw fault(pointer + "/" + key, key + " is not a text of at most " + TEXT_MAX);
        }
        return text;
      }
    }
    return "";
  }

  JsonObject object(JsonObject json, String pointer, String key) {
    Object value = json.getValue(key);
    if (value == null) {
      return new JsonObject();
    }
    if (value instanceof JsonObject object) {
      return object;
    }
    throw fault(pointer + "/" + key, key + " is not an object");
  }

  private List<JsonObject> objects(JsonObject json, String pointer, String key) {
    Object value = json.getValue(key);
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof JsonArray array) || array.size() > LINKS_MAX) {
      throw fault(pointer + "/" + key, key + " is not a list of at most " + LINKS_MAX);
    }
    var objects = new ArrayList<JsonObject>();
    for (Object item : array) {
      if (!(item instanceof JsonObject object)) {
        throw fault(pointer + "/" + key + "/" + objects.size(), key + " has no object here");
      }
      objects.add(object);
    }
    return objects;
  }

  /** Reads an object with the keys light and dark; a text stands for the first. */
  JsonObject lightAndDark(JsonObject json, String pointer, String key) {
    return json.getValue(key) instanceof String light
        ? JsonObject.of("light", light)
        : object(json, pointer, key);
  }

  String color(JsonObject json, String pointer, String key) {
    String color = text(json, pointer, key);
    if (color.isEmpty() || COLOR.matcher(color).matches()) {
      return color;
    }
    throw fault(pointer + "/" + key, "theme_color is " + color + "; it is as in #24568a");
  }

  /** A picture of this server; pages load none from elsewhere. */
  String picture(JsonObject json, String pointer, String key) {
    String address = text(json, pointer, key);
    String at = pointer + "/" + key;
    if (address.isEmpty()) {
      return "";
    }
    if (!address.startsWith("/") || address.startsWith("//")) {
      warn(
          at,
          "the picture " + address + " is of another site and is not shown; put it below static/");
      return "";
    }
    String path = underStatic(address);
    if (path.startsWith(STATIC)) {
      Path picture = inStaticFolder(path);
      files.add(picture);
      if (!Files.isRegularFile(picture)) {
        warn(at, "the picture " + address + " is missing; put it at " + picture);
      }
    }
    return path;
  }

  static String underStatic(String path) {
    return path.startsWith(STATIC) || path.startsWith("/content/") ? path : "/static" + path;
  }

  /** The file that is served under a path below {@code /static/}. */
  Path inStaticFolder(String path) {
    Path found = staticFolder.resolve(path.substring(STATIC.length())).normalize();
    return found.startsWith(staticFolder.normalize()) ? found : staticFolder;
  }

  private String icon(JsonObject json, String pointer) {
    String name = text(json, pointer, "icon");
    String icon = ThemeIcons.find(name);
    if (icon.isEmpty() && !name.isEmpty()) {
      warn(pointer + "/icon", "the icon " + name + " is not known and is not shown");
    }
    return icon;
  }

  /**
   * Reads links.
   *
   * @param nested whether they may have links below them
   */
  List<ThemeLink> links(JsonObject json, String pointer, String key, boolean nested) {
    var links = new ArrayList<ThemeLink>();
    for (JsonObject link : objects(json, pointer, key)) {
      links.add(link(link, pointer + "/" + key + "/" + links.size(), key, nested));
    }
    return links;
  }

  private ThemeLink link(JsonObject json, String pointer, String key, boolean nested) {
    String label = text(json, pointer, "title", "label");
    String href = text(json, pointer, "url", "href");
    // The sections of a footer have links, the menus of a header have items.
    String below = json.containsKey("items") ? "items" : "links";
    List<ThemeLink> items = nested ? links(json, pointer, below, false) : List.of();
    boolean own = href.startsWith("/") && !href.startsWith("//");
    boolean group = href.isEmpty() && !items.isEmpty();
    if (label.isEmpty() || !(own || group || ADDRESS.matcher(href).matches())) {
      throw fault(
          pointer,
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
        visibility(json, pointer),
        json.getBoolean("external", !own && !group),
        icon(json, pointer),
        style(json, pointer),
        items);
  }

  private Visibility visibility(JsonObject json, String pointer) {
    String auth = text(json, pointer, "auth");
    try {
      return auth.isEmpty() ? Visibility.ANY : Visibility.parse(auth);
    } catch (IllegalArgumentException unknown) {
      throw fault(pointer + "/auth", String.valueOf(unknown.getMessage()));
    }
  }

  private String style(JsonObject json, String pointer) {
    String style = text(json, pointer, "style");
    if (style.isEmpty() || style.equals("primary") || style.equals("secondary")) {
      return style;
    }
    warn(pointer + "/style", "the style " + style + " is not known; it is primary or secondary");
    return "";
  }

  List<Feature> features(JsonObject json, String pointer, String key) {
    var features = new ArrayList<Feature>();
    for (JsonObject feature : objects(json, pointer, key)) {
      String at = pointer + "/" + key + "/" + features.size();
      features.add(
          new Feature(
              text(feature, at, "title"), text(feature, at, "description"), icon(feature, at)));
    }
    return features;
  }

  List<Section> sections(JsonObject json, String pointer, String key) {
    var sections = new ArrayList<Section>();
    for (JsonObject section : objects(json, pointer, key)) {
      String at = pointer + "/" + key + "/" + sections.size();
      knows(section, at, Set.of("title", "description", "icon", "features", "items", "links"));
      sections.add(
          new Section(
              text(section, at, "title"),
              text(section, at, "description"),
              icon(section, at),
              features(section, at, section.containsKey("features") ? "features" : "items"),
              links(section, at, "links", false)));
    }
    return sections;
  }
}

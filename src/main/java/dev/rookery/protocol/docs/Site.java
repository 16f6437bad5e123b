package dev.rookery.protocol.docs;

import dev.rookery.protocol.docs.Contents.Section;
import io.pebbletemplates.pebble.PebbleEngine;
import io.pebbletemplates.pebble.loader.ClasspathLoader;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Everything below {@code /docs}, ready to be sent. Immutable. */
final class Site {
  private static final String HOME = "/docs";
  private static final String FILES = "/docs-site/";
  private static final String CONFIGURATION = "configuration";
  private static final int HEADING_LEVEL_MAX = 3;

  /** Addresses that are known from elsewhere, and the pages that are there now. */
  private static final Map<String, String> ALIASES = Map.of("/docs/setup", "/docs/getting-started");

  /** A section of the navigation. */
  public record Group(String title, List<Article> articles) {}

  private final Map<String, StoredResponse> responses;
  private final StoredResponse missing;

  private Site(Map<String, StoredResponse> responses, StoredResponse missing) {
    this.responses = Map.copyOf(responses);
    this.missing = missing;
  }

  /** What is at the path, or the page that says that there is nothing. */
  StoredResponse at(String path) {
    return responses.getOrDefault(path, missing);
  }

  /** Renders all pages. Takes some hundred milliseconds the first time, so not on an event loop. */
  static Site render(DocsSettings settings) {
    var contents = Contents.read();
    Map<String, Article> articles = articles(contents);
    var builder = new Builder(settings, groups(contents, articles));
    var all = List.copyOf(articles.values());
    for (int i = 0; i < all.size(); i++) {
      builder.article(
          all.get(i), i == 0 ? null : all.get(i - 1), i == all.size() - 1 ? null : all.get(i + 1));
    }
    ALIASES.forEach((alias, page) -> builder.responses.put(alias, builder.responses.get(page)));
    builder.responses.put(HOME, builder.page("home", 200, Map.of("title", "Documentation")));
    builder.file("docs.css", "text/css; charset=utf-8");
    builder.file("docs.js", "text/javascript; charset=utf-8");
    builder.file("scheme.js", "text/javascript; charset=utf-8");
    builder.file("icon.svg", "image/svg+xml");
    Buffer css = settings.css();
    if (css != null) {
      builder.responses.put(
          "/docs/assets/theme.css", StoredResponse.file("text/css; charset=utf-8", css.getBytes()));
    }
    builder.responses.put(
        "/docs/assets/search.json", StoredResponse.text("application/json", SearchIndex.json(all)));
    return new Site(
        builder.responses, builder.page("missing", 404, Map.of("title", "Page not found")));
  }

  /** All pages by name, in the order of navigation. */
  static Map<String, Article> articles(Contents contents) {
    List<String> names = contents.pages();
    var renderer = new ArticleRenderer(Set.copyOf(names));
    var articles = new LinkedHashMap<String, Article>();
    for (String name : names) {
      String markdown = Resources.text(Contents.FOLDER + name + ".md");
      if (name.equals(CONFIGURATION)) {
        markdown += SettingsReference.markdown(Resources.text(SettingsReference.FILE));
      }
      articles.put(name, renderer.render(name, markdown));
    }
    return articles;
  }

  private static List<Group> groups(Contents contents, Map<String, Article> articles) {
    var groups = new ArrayList<Group>();
    for (Section section : contents.sections()) {
      groups.add(new Group(section.title(), section.pages().stream().map(articles::get).toList()));
    }
    return List.copyOf(groups);
  }

  private static final class Builder {
    private final Map<String, StoredResponse> responses = new HashMap<>();
    private final DocsSettings settings;
    private final List<Group> groups;
    private final PebbleEngine engine;

    Builder(DocsSettings settings, List<Group> groups) {
      this.settings = settings;
      this.groups = groups;
      var loader = new ClasspathLoader(Site.class.getClassLoader());
      loader.setPrefix("docs-site");
      loader.setSuffix(".html");
      this.engine = new PebbleEngine.Builder().loader(loader).build();
    }

    void article(Article article, @Nullable Article previous, @Nullable Article next) {
      var model = new HashMap<String, @Nullable Object>();
      model.put("title", article.title());
      model.put("article", article);
      model.put(
          "headings",
          article.headings().stream().filter(one -> one.level() <= HEADING_LEVEL_MAX).toList());
      model.put("previous", previous);
      model.put("next", next);
      responses.put(article.href(), page("article", 200, model));
      responses.put(
          article.href() + ".md", StoredResponse.text("text/markdown", article.markdown()));
      for (String image : article.images()) {
        String type = image.endsWith(".svg") ? "image/svg+xml" : "image/png";
        String path = Contents.FOLDER + image;
        responses.put(path, StoredResponse.file(type, Resources.bytes(path)));
      }
    }

    StoredResponse page(String template, int status, Map<String, ? extends @Nullable Object> own) {
      var model = new HashMap<String, @Nullable Object>(own);
      model.put("game", settings.title());
      model.put("themed", settings.css() != null);
      model.put("version", settings.version());
      model.put("groups", groups);
      var text = new StringWriter();
      try {
        engine.getTemplate(template).evaluate(text, model);
      } catch (IOException broken) {
        throw new UncheckedIOException(broken);
      }
      return StoredResponse.page(status, text.toString());
    }

    void file(String name, String type) {
      responses.put(
          "/docs/assets/" + name, StoredResponse.file(type, Resources.bytes(FILES + name)));
    }
  }
}

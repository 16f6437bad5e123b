package dev.rookery.protocol.page;

import dev.rookery.base.Page;
import dev.rookery.base.Refused;
import dev.rookery.protocol.page.ThemeContent.BlogPost;
import dev.rookery.protocol.page.ThemeContent.Document;
import dev.rookery.translation.Message;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Serves what a theme has as Markdown files: the changelog, the roadmap, the blog with its feed,
 * and their pictures. What the theme does not name is not found.
 */
final class ContentPages {
  private static final String BLOG = "/blog";
  private static final String FEED = "/blog/feed.xml";
  private static final String PICTURES = Themes.IMAGES;
  private static final Pattern PICTURE =
      Pattern.compile(
          PICTURES
              + "(?:([\\w-]{2,8})/)?(blog|changelog)/([\\w-][\\w.-]{0,99}\\.(?:png|jpg|webp|gif))");
  // What XML cannot have, not even as a reference.
  private static final Pattern NOT_XML =
      Pattern.compile("[^\\t\\n\\r\\x20-\\x{d7ff}\\x{e000}-\\x{fffd}\\x{10000}-\\x{10ffff}]");
  private static final int FEED_MAX = 50;

  private final Themes themes;
  private final Supplier<String> publicUrl;

  ContentPages(Themes themes, Supplier<String> publicUrl) {
    this.themes = themes;
    this.publicUrl = publicUrl;
  }

  void mount(Router router, PageRouter pages) {
    pages.get(
        router,
        "/changelog",
        request -> document(Message.of("Changelog"), content(request).changelog()));
    pages.get(
        router, "/roadmap", request -> document(Message.of("Roadmap"), content(request).roadmap()));
    pages.get(router, BLOG, this::blog);
    pages.get(router, FEED, this::feed);
    pages.get(router, BLOG + "/:slug", this::post);
    router.get(PICTURES + "*").setName(PICTURES + "*").handler(this::picture);
  }

  static boolean isPicture(String path) {
    return path.startsWith(PICTURES);
  }

  private ThemeContent content(PageRequest request) {
    return themes.of(request.texts().language()).content();
  }

  private static Future<PageResponse> document(Message title, @Nullable Document document) {
    return document == null
        ? notFound()
        : Future.succeededFuture(
            PageResponse.Render.ok(
                "document",
                Map.of(
                    "title",
                    document.title().isEmpty() ? title : document.title(),
                    "html",
                    document.html())));
  }

  private static Future<PageResponse> notFound() {
    return Future.failedFuture(Refused.missing("not_found"));
  }

  private Future<PageResponse> blog(PageRequest request) {
    List<BlogPost> posts = content(request).blog();
    if (posts == null) {
      return notFound();
    }
    var list = new PageList(BLOG, "page");
    Page.Request wanted = list.requested(request);
    List<BlogPost> shown = posts.stream().skip(wanted.offset()).limit(wanted.size()).toList();
    var page = new Page<>(shown, wanted.number(), wanted.size(), posts.size());
    return Future.succeededFuture(
        PageResponse.Render.ok(
            "blog",
            Map.of("title", Message.of("Blog"), "list", list.view(page, ContentPages::view))));
  }

  private static Map<String, Object> view(BlogPost post) {
    return Map.of(
        "slug", post.slug(),
        "date", post.date(),
        "title", title(post),
        "summary", post.document().summary());
  }

  private static String title(BlogPost post) {
    String title = post.document().title();
    return title.isEmpty() ? post.slug() : title;
  }

  private Future<PageResponse> post(PageRequest request) {
    String slug = request.context().pathParam("slug");
    return content(request)
        .post(slug == null ? "" : slug)
        .map(
            post ->
                Future.<PageResponse>succeededFuture(
                    PageResponse.Render.ok(
                        "document",
                        Map.of(
                            "title", title(post),
                            "date", post.date(),
                            "blog", true,
                            "html", post.document().html()))))
        .orElseGet(ContentPages::notFound);
  }

  private Future<PageResponse> feed(PageRequest request) {
    List<BlogPost> posts = content(request).blog();
    if (posts == null) {
      return notFound();
    }
    Theme theme = themes.of(request.texts().language());
    String blog = publicUrl.get() + request.prefix() + BLOG;
    var feed = new StringBuilder("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    feed.append("<feed xmlns=\"http://www.w3.org/2005/Atom\">\n<id>").append(xml(blog));
    feed.append("</id>\n<title>").append(xml(theme.title())).append("</title>\n");
    feed.append("<link href=\"").append(xml(blog)).append("\"/>\n");
    feed.append("<author><name>").append(xml(theme.title())).append("</name></author>\n");
    feed.append("<updated>").append(time(posts.isEmpty() ? "" : posts.getFirst().date()));
    feed.append("</updated>\n");
    posts.stream().limit(FEED_MAX).forEach(post -> append(feed, blog, post));
    feed.append("</feed>\n");
    return Future.succeededFuture(
        new PageResponse.Text("application/atom+xml; charset=utf-8", feed.toString()));
  }

  private static void append(StringBuilder feed, String blog, BlogPost post) {
    String address = xml(blog + "/" + post.slug());
    feed.append("<entry>\n<id>").append(address).append("</id>\n<title>");
    feed.append(xml(title(post))).append("</title>\n<link href=\"").append(address);
    feed.append("\"/>\n<updated>").append(time(post.date())).append("</updated>\n<summary>");
    feed.append(xml(post.document().summary())).append("</summary>\n</entry>\n");
  }

  /** Midnight of a date; a feed needs a time, so posts without a date are of the beginning. */
  private static String time(String date) {
    return (date.isEmpty() ? "1970-01-01" : date) + "T00:00:00Z";
  }

  private static String xml(String text) {
    return NOT_XML
        .matcher(text)
        .replaceAll("")
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace("\"", "&quot;");
  }

  private Map<String, Path> pictures(@Nullable String tag) {
    Theme theme = tag == null ? themes.standard() : themes.find(tag);
    return theme == null ? Map.of() : theme.content().pictures();
  }

  /** Pictures beside the files; SVG is left out, because it may have scripts. */
  private void picture(RoutingContext context) {
    Matcher path = PICTURE.matcher(context.normalizedPath());
    Path folder = path.matches() ? pictures(path.group(1)).get(path.group(2)) : null;
    if (folder == null) {
      context.next();
      return;
    }
    context
        .response()
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
        .putHeader("x-content-type-options", "nosniff")
        .putHeader("content-security-policy", "default-src 'none'")
        .sendFile(folder.resolve(path.group(3)).toString())
        .onFailure(_ -> context.next());
  }
}

package dev.rookery.protocol.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.TestNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages of a game that has a theme, over HTTP. */
final class ThemedPagesTest {
  private static final String THEME =
      """
      {
        "title": "Tide & Sail",
        "tagline": "Race on the wind",
        "logo": "/logo.png",
        "banner": {"light": "/day.png", "dark": "/night.png"},
        "css": "look.css",
        "privacy": "privacy.html",
        "theme_color": {"light": "#ffffff", "dark": "#102030"},
        "nav_links": [
          {"label": "Map", "href": "/static/map.html"},
          {"label": "Mine", "href": "/users/settings", "auth": "authenticated"},
          {"label": "Join", "href": "/users/register", "auth": "guest"},
          {"label": "Console", "href": "/admin", "auth": "admin"},
          {"label": "More", "items": [{"label": "Wiki", "href": "https://wiki.example.com"}]}
        ],
        "useful_links": [{"title": "Play now", "url": "/play"}],
        "footer_links": [{"label": "Press", "href": "/static/press.html"}],
        "features": [{"title": "Wind", "description": "It <blows>."}],
        "changelog": "changes.md",
        "blog": "posts"
      }
      """;

  @TempDir private static Path folder;
  private static TestNode node;

  @BeforeAll
  static void start() throws IOException {
    write("config.en.json", THEME);
    write("config.fr.json", "{\"title\": \"Marée\", \"blog\": \"articles\"}");
    Files.createDirectory(folder.resolve("articles"));
    for (int post = 10; post < 61; post++) {
      write("articles/2026-01-" + post % 30 / 10 + "1-nr-" + post + ".md", "# N\u0001° " + post);
    }
    write("articles/2026-99-99-never.md", "![un bateau](bateau.png)");
    write("articles/2026-01-31-image.md", "![un bateau](bateau.png)");
    Files.write(folder.resolve("articles/bateau.png"), new byte[] {4, 5});
    write("config.pt.json", "{\"title\": \"Maré e Vela\"}");
    write("look.css", ":root { --accent: #7a1f5c; }");
    write("privacy.html", "<p>We are <b>Tide Ltd.</b></p>");
    write(
        "changes.md", "# What is new\n\n## 1.1\n\nA <script>alert(1)</script> [x](javascript:y)\n");
    Files.createDirectory(folder.resolve("posts"));
    write("posts/2026-11-02-second.md", "# Second & last\n\nMore ![a boat](boat.png) *wind*.\n");
    write("posts/2026-10-01-first.md", "# First\n\nHello.\n");
    Files.write(folder.resolve("posts/boat.png"), new byte[] {1, 2, 3});
    write("posts/secret.txt", "no picture");
    String theme = folder.resolve("config.json").toString();
    node = TestNode.start(Databases.sqlite(), Map.of("THEME_CONFIG", theme));
    node.post("/api/v1/login/device", "{\"device_id\":\"the first of all\"}");
  }

  private static void write(String name, String content) throws IOException {
    Files.writeString(folder.resolve(name), content);
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static String home(String path) {
    return node.get(path, "accept", "text/html").body();
  }

  @Test
  void showsTheHomePageOfTheGame() {
    assertThat(home("/"))
        .contains(
            "<title>Tide &amp; Sail</title>",
            "Race on the wind",
            "src=\"/static/logo.png\"",
            "<source srcset=\"/static/night.png\" media=\"(prefers-color-scheme: dark)\">",
            "<meta name=\"theme-color\" media=\"(prefers-color-scheme: dark)\""
                + " content=\"#102030\">",
            "href=\"/play\">Play now</a>",
            "It &lt;blows&gt;.",
            "href=\"https://wiki.example.com\" rel=\"noopener noreferrer\">Wiki</a>",
            "href=\"/static/press.html\">Press</a>",
            "0 players online · 0 open lobbies")
        .doesNotContain("style=", "<script");
    assertThat(node.get("/").body()).doesNotContain("Race on the wind");
  }

  @Test
  void showsLinksToThoseTheyAreFor() {
    assertThat(home("/")).contains(">Map</a>", ">Join</a>").doesNotContain("Mine", "Console");

    var ann = new TestBrowser(node);
    ann.submit(
        "/users/register",
        "/users/register",
        "user[email]",
        "ann@example.com",
        "user[password]",
        "correct horse",
        "user[password_confirmation]",
        "correct horse");
    assertThat(ann.get("/users/settings").body())
        .contains(">Map</a>", ">Mine</a>")
        .doesNotContain(">Join</a>", "Console");
  }

  @Test
  void takesTheFileOfTheLanguage() {
    assertThat(home("/pt-BR/")).contains("<title>Maré e Vela</title>", "0 jogador on-line");
    assertThat(home("/de/")).contains("Tide &amp; Sail", "href=\"/de/users/register\">Join</a>");
  }

  @Test
  void changesStyleAndTexts() {
    assertThat(node.get("/privacy").body())
        .contains("We are <b>Tide Ltd.</b>", "Privacy policy – Tide &amp; Sail", "/page/theme.css");
    assertThat(node.get("/page/theme.css").body()).contains("#7a1f5c");
    assertThat(node.get("/terms").body()).contains("Be kind");
  }

  @Test
  void showsMarkdownWithoutItsScripts() {
    assertThat(node.get("/changelog").body())
        .contains("<h1>What is new</h1>", "<h2 id=\"11\">", "&lt;script&gt;")
        .doesNotContain("<script>", "javascript:");
    assertThat(node.get("/roadmap").statusCode()).isEqualTo(404);
  }

  @Test
  void showsTheBlogWithItsFeedAndPictures() {
    String blog = node.get("/blog").body();
    assertThat(blog).contains("href=\"/blog/second\">Second &amp; last</a>", "2026-11-02");
    assertThat(blog.indexOf("/blog/second")).isLessThan(blog.indexOf("/blog/first"));
    assertThat(node.get("/blog/second").body())
        .contains("<h1>Second &amp; last</h1>", "src=\"/content/blog/boat.png\"", "alt=\"a boat\"");
    assertThat(node.get("/blog/third").statusCode()).isEqualTo(404);

    var feed = node.get("/blog/feed.xml");
    assertThat(feed.headers().firstValue("content-type"))
        .contains("application/atom+xml; charset=utf-8");
    assertThat(feed.body())
        .contains("<title>Second &amp; last</title>", "<updated>2026-11-02T00:00:00Z</updated>");

    assertThat(node.get("/content/blog/boat.png").statusCode()).isEqualTo(200);
    for (String path : new String[] {"secret.txt", "..%2fconfig.en.json", "none.png"}) {
      assertThat(node.get("/content/blog/" + path).statusCode()).as(path).isEqualTo(404);
    }
  }

  @Test
  void servesThePicturesOfTheBlogOfALanguage() {
    String picture = "/content/fr/blog/bateau.png";
    assertThat(node.get("/fr/blog/image").body()).contains("src=\"" + picture + "\"");
    assertThat(node.get(picture).statusCode()).isEqualTo(200);
    for (String path : List.of("/content/blog/bateau.png", "/content/xx/blog/bateau.png")) {
      assertThat(node.get(path).statusCode()).as(path).isEqualTo(404);
    }
  }

  @Test
  void pagesTheBlog() {
    String first = node.get("/fr/blog").body();
    assertThat(first).contains("/fr/blog?page=2").doesNotContain("never");
    assertThat(first.split("<section", -1)).hasSize(51);
    assertThat(node.get("/fr/blog?page=2").body().split("<section", -1)).hasSize(3);
  }

  @Test
  void leavesCharactersOutOfTheFeedThatXmlCannotHave() throws Exception {
    byte[] feed = node.get("/fr/blog/feed.xml").body().getBytes(StandardCharsets.UTF_8);
    var titles =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(feed))
            .getElementsByTagName("title");
    assertThat(titles.item(titles.getLength() - 1).getTextContent()).startsWith("N° ");
  }

  @Test
  void readsChangedFilesAgainWithoutARestart() throws IOException {
    write("posts/2026-12-01-third-one.md", "# Third\n");
    Eventually.holds(() -> node.get("/blog").body().contains("/blog/third-one"));
  }
}

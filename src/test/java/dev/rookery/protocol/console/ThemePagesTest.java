package dev.rookery.protocol.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Databases;
import dev.rookery.testkit.RestPlayer;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The theme of the player pages in the console and in the API. */
final class ThemePagesTest {
  @TempDir private Path folder;

  private void write(String name, String content) throws IOException {
    Files.writeString(folder.resolve(name), content);
  }

  @Test
  void showsWhatIsWrongAndReadsAgain() throws Exception {
    write("config.json", "{\n\"title\": \"Tide\",\n\"tilte\": \"x\",\n\"css\": \"look.css\"}");
    write("config.de.json", "{\"title\": \"Flut\"}");
    write(
        "look.css",
        ":root { --soft: #999999 } @media (prefers-color-scheme: dark) { a { color: red } }");
    String theme = folder.resolve("config.json").toString();
    try (var node = TestNode.start(Databases.sqlite(), Map.of("THEME_CONFIG", theme))) {
      ConsoleBrowser admin = ConsoleBrowser.signIn(node, "owner@example.com");
      RestPlayer owner = ConsoleBrowser.signInToApi(node, "owner@example.com");

      var page = admin.get("/admin/theme?look=dark&language=de");
      assertThat(page.headers().firstValue("content-security-policy").orElseThrow())
          .endsWith("; frame-src 'self'");
      assertThat(page.body())
          .contains(
              "the key tilte is not known",
              "Flut",
              "--soft",
              "too little",
              "src=\"/theme/preview/home?scheme=dark&amp;language=de\"");
      assertThat(admin.get("/admin/theme?look=rtl").body()).contains("language=ar");
      showsPreviews(node);

      write("config.json", "{\n\"title\": \"Ebb\"}");
      var read = admin.submit("/admin/theme", "/admin/theme/reload");
      assertThat(read.headers().firstValue("location")).contains("/admin/theme?done=theme-read");
      assertThat(title(owner.get("/api/v1/admin/theme").body())).isEqualTo("Ebb");

      write("config.json", "{\n oops");
      JsonObject broken = owner.send("POST", "/api/v1/admin/theme/reload", new JsonObject()).body();
      assertThat(title(broken)).isEqualTo("Ebb");
      JsonObject finding =
          broken.getJsonArray("data").getJsonObject(0).getJsonArray("findings").getJsonObject(0);
      assertThat(finding.getBoolean("error")).isTrue();
      assertThat(finding.getInteger("line")).isEqualTo(2);
      assertThat(admin.get("/admin/audit").body()).contains("admin_reload_theme");
    }
  }

  private static String title(JsonObject themes) {
    return themes
        .getJsonArray("data")
        .getJsonObject(0)
        .getJsonArray("languages")
        .getJsonObject(0)
        .getString("title");
  }

  private static void showsPreviews(TestNode node) {
    var home = node.get("/theme/preview/home?scheme=dark&language=de");
    assertThat(home.headers().firstValue("content-security-policy").orElseThrow())
        .contains("frame-ancestors 'self'", "form-action 'none'");
    assertThat(home.body()).contains("<title>Flut</title>", "/page/page.css?scheme=dark");
    assertThat(node.get("/theme/preview/log-in?language=ar").body()).contains("dir=\"rtl\"");
    assertThat(node.get("/theme/preview/leaderboards").statusCode()).isEqualTo(200);
    assertThat(node.get("/page/theme.css?language=en&scheme=dark").body())
        .contains("@media (min-width: 0)");
  }
}

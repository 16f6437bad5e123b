package dev.rookery.protocol.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.console.Permission;
import dev.rookery.protocol.console.RequestSnippets.Language;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The API document as pages, and the programs that they show. */
final class ExplorerPagesTest {
  private static final String PATH = "/admin/explorer";
  private static final String TEXT = "a 'quoted' \"text\" \\ <b>ö</b>\n";
  private static final Pattern SNIPPET =
      Pattern.compile("<pre class=\"code\" id=\"snippet\"[^>]*>(.*?)</pre>", Pattern.DOTALL);

  private static TestNode node;
  private static ConsoleBrowser admin;

  @BeforeAll
  static void start() {
    node = TestNode.start(Databases.locations().findFirst().orElseThrow());
    admin = ConsoleBrowser.signIn(node, "owner@example.com");
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static String snippet(String path) {
    HttpResponse<String> page = admin.get(path);
    assertThat(page.statusCode()).as(path).isEqualTo(200);
    Matcher snippet = SNIPPET.matcher(page.body());
    assertThat(snippet.find()).isTrue();
    return ConsoleBrowser.unescaped(snippet.group(1));
  }

  @Test
  void showsEveryOperationAsAPage() {
    for (String tag : ApiOperations.shared().tags().keySet()) {
      String index =
          admin.get(PATH + "?tag=" + URLEncoder.encode(tag, StandardCharsets.UTF_8)).body();
      assertThat(index.length()).as(tag).isLessThan(60 << 10);
      for (ApiOperation operation : ApiOperations.shared().withTag(tag)) {
        String path = PATH + "/" + operation.id();
        assertThat(index).contains(path + "\"");
        HttpResponse<String> page = admin.get(path);
        assertThat(page.statusCode()).as(path).isEqualTo(200);
        assertThat(page.body()).contains(operation.method()).doesNotContain(" style=");
      }
    }
    assertThat(admin.get(PATH + "/nothing").statusCode()).isEqualTo(404);
  }

  @Test
  void findsOperationsByWordsAndNamesTheirPermission() {
    assertThat(admin.get(PATH + "?q=ban+player").body())
        .contains(PATH + "/admin_ban_user\"", "players.ban")
        .doesNotContain("create_lobby");
  }

  @Test
  void needsItsPermission() {
    for (ConsoleRouter.Registered route :
        registered(new ExplorerPages(null, null, null, List::of))) {
      assertThat(route.access())
          .as(route.path())
          .isEqualTo(new ConsoleRouter.Access.Needs(Permission.EXPLORER_USE));
    }
  }

  private static List<ConsoleRouter.Registered> registered(ConsoleSection section) {
    var settings = new ConsoleSettings("Game", "node", "1", false, null, false, "secret");
    var router = new ConsoleRouter(null, null, null, null, settings);
    section.register(router);
    return router.routes();
  }

  @Test
  void opensTheRequestThatReadsAThing() {
    assertThat(admin.get("/admin/users/1").body())
        .contains("href=\"" + PATH + "/admin_get_user?p.id=1\"");
    assertThat(snippet(PATH + "/admin_get_user?p.id=1")).contains("/api/v1/admin/users/1'");
    for (String thing : List.of("user", "lobby", "group", "leaderboard", "achievement")) {
      assertThat(ApiOperations.shared().find("admin_get_" + thing)).as(thing).isPresent();
    }
  }

  @Test
  void keepsWhatWasTypedInTheAddressButNoSecrets() {
    String page =
        admin.get(PATH + "/login?b.email=ann%40example.com&b.password=hunter2&lang=java").body();
    assertThat(page)
        .contains("value=\"ann@example.com\"", "HttpRequest.newBuilder")
        .contains("data-name=\"b.password\"")
        .doesNotContain("value=\"hunter2", " name=\"b.password\"");
  }

  @Test
  void makesATokenOfTheAdminByOnePress() {
    HttpResponse<String> token = admin.submit(PATH + "/index", PATH + "/token");
    JsonObject made = new JsonObject(token.body());
    assertThat(
            node.send(
                    "GET",
                    "/api/v1/admin/users",
                    null,
                    "authorization",
                    "Bearer " + made.getString("access_token"))
                .statusCode())
        .isEqualTo(200);
    assertThat(admin.get("/admin/audit").body()).contains("console_create_own_token");
  }

  @Test
  void showsProgramsThatMakeTheRequest(@TempDir Path folder) throws Exception {
    String query =
        "?b.device_id=" + URLEncoder.encode(TEXT.strip(), StandardCharsets.UTF_8) + "&lang=";
    String path = PATH + "/device_login" + query;
    for (Language language : Language.values()) {
      assertThat(snippet(path + language.key()))
          .as(language.key())
          .contains("http://127.0.0.1:" + node.port() + "/api/v1/login/device");
    }
    Path shell = Files.writeString(folder.resolve("a.sh"), snippet(path + "curl"));
    JsonObject first = new JsonObject(output(folder, "bash", shell.toString()));
    Path script = Files.writeString(folder.resolve("a.mjs"), snippet(path + "javascript"));
    String printed = output(folder, "node", script.toString());
    assertThat(printed).startsWith("200 ");
    JsonObject second = new JsonObject(printed.substring(4));
    assertThat(second.getJsonObject("data").getLong("user_id"))
        .isEqualTo(first.getJsonObject("data").getLong("user_id"));
    Path program =
        Files.writeString(
            folder.resolve("A.java"),
            "import java.net.URI;\nimport java.net.http.*;\n\nvoid main() throws Exception {\n"
                + snippet(path + "java")
                + "}\n");
    assertThat(output(folder, javaCommand(), program.toString())).startsWith("200 ");
  }

  private static String javaCommand() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private static String output(Path folder, String... command)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectError(folder.resolve("errors").toFile())
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(Files.readString(folder.resolve("errors"))).isZero();
    return output;
  }
}

package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.loadtest.JavaScriptGame;
import dev.rookery.protocol.gamend.TestApi.Guest;
import dev.rookery.protocol.openturn.RoomPlayer;
import dev.rookery.testkit.Databases;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Deployment of games in JavaScript over HTTP, and rooms of several versions. */
final class AdminGameRoutesTest {
  private static final String PATH = "/api/v1/admin/games";
  private static final String VERSIONS = PATH + "/tic-tac-toe/versions/";

  /** One node serves all claims about it, since a node takes long to start. */
  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#locations")
  void deploysVersionsSideBySide(Databases.TestDatabase database) {
    try (var api = TestApi.start(database)) {
      Guest admin = api.guest();
      refuses(api, admin);
      try (var host = RoomPlayer.signIn(api.node(), "host");
          var guest = RoomPlayer.signIn(api.node(), "guest");
          var later = RoomPlayer.signIn(api.node(), "later");
          var last = RoomPlayer.signIn(api.node(), "last")) {
        deploys(admin);
        RoomPlayer.start(api.node(), host, api.node(), guest);
        move(host, guest, 0, 0, null);
        deploysAnother(admin);
        RoomPlayer.start(api.node(), later, api.node(), last);
        move(later, last, 0, 0, "js-2");
        move(guest, host, 1, 1, null);
        move(last, later, 1, 1, "js-2");
        rollsBack(api, admin);
        move(later, last, 2, 2, "js-2");
      }
      deploysStaticFiles(admin);
    }
  }

  private static void refuses(TestApi api, Guest admin) {
    Guest player = api.guest();
    assertThat(player.get(PATH).status()).isEqualTo(403);
    assertThat(deploy(player, "js-1", JavaScriptGame.ticTacToe()).status()).isEqualTo(403);
    assertThat(player.delete(VERSIONS + "js-1").status()).isEqualTo(403);
    var broken = deploy(admin, "js-1", "globalThis.openturn = {game: {}}");
    assertThat(broken.status()).isEqualTo(422);
    assertThat(broken.body().getString("error")).isEqualTo("game_rejected");
    assertThat(broken.body().getString("message")).contains("createLocalSession");
    assertThat(deploy(admin, "js-1", "for (;;) {}").body().getString("message"))
        .contains("for one call");
    assertThat(deploy(admin, "js-1", "").toString())
        .isEqualTo("400 {\"error\":\"invalid_request\"}");
    assertThat(deploy(admin, "builtin-1", JavaScriptGame.ticTacToe()).toString())
        .isEqualTo("409 {\"error\":\"version_exists\"}");
    assertThat(deploy(admin, "a%20b", JavaScriptGame.ticTacToe()).toString())
        .isEqualTo("400 {\"error\":\"invalid_name\"}");
    assertThat(admin.post(VERSIONS + "js-1/activate", "{}").toString())
        .isEqualTo("404 {\"error\":\"not_found\"}");
    assertThat(admin.get(PATH).toString()).isEqualTo("200 {\"data\":[],\"problems\":[]}");
  }

  private static TestApi.Response deploy(Guest admin, String version, String script) {
    var request =
        HttpRequest.newBuilder(admin.api().node().uri(VERSIONS + version))
            .PUT(HttpRequest.BodyPublishers.ofString(script))
            .headers("content-type", "application/javascript")
            .header("authorization", "Bearer " + admin.token())
            .build();
    HttpResponse<String> response = admin.api().node().send(request);
    return new TestApi.Response(response.statusCode(), new JsonObject(response.body()), response);
  }

  private static void deploys(Guest admin) {
    assertThat(deploy(admin, "js-1", JavaScriptGame.ticTacToe()).toString())
        .isEqualTo(
            "201 {\"deploymentVersion\":\"js-1\",\"gameKey\":\"tic-tac-toe\","
                + "\"players\":[\"0\",\"1\"],\"minPlayers\":2,\"maxPlayers\":2,"
                + "\"schemaVersion\":\"1\"}");
  }

  private static void deploysAnother(Guest admin) {
    String changed = JavaScriptGame.ticTacToe().replace("myMark:", "version: 'js-2', myMark:");
    assertThat(deploy(admin, "js-2", changed).status()).isEqualTo(201);
    assertThat(deploy(admin, "js-2", changed).status()).isEqualTo(201);
    assertThat(deploy(admin, "js-2", JavaScriptGame.ticTacToe()).toString())
        .isEqualTo("409 {\"error\":\"version_exists\"}");
    JsonArray listed = admin.get(PATH).body().getJsonArray("data");
    assertThat(listed).hasSize(2);
    for (Object each : listed) {
      JsonObject version = (JsonObject) each;
      assertThat(version.getBoolean("active"))
          .isEqualTo(version.getString("version").equals("js-2"));
    }
  }

  /** A move that both players see, in the view of the version of their room. */
  private static void move(RoomPlayer player, RoomPlayer other, int row, int col, String version) {
    player.place(row, col, "client_1");
    for (RoomPlayer each : new RoomPlayer[] {player, other}) {
      JsonObject view = each.receive("batch_applied").getJsonObject("snapshot").getJsonObject("G");
      assertThat(view.getJsonArray("board").getJsonArray(row).getString(col)).isNotNull();
      assertThat(view.getString("version")).isEqualTo(version);
    }
  }

  private static void rollsBack(TestApi api, Guest admin) {
    assertThat(admin.delete(VERSIONS + "js-2").toString())
        .isEqualTo("409 {\"error\":\"version_active\"}");
    assertThat(admin.post(VERSIONS + "builtin-1/activate", "{}").status()).isEqualTo(200);
    assertThat(admin.delete(VERSIONS + "js-2").toString())
        .isEqualTo("409 {\"error\":\"version_in_use\"}");
    assertThat(admin.delete(VERSIONS + "none").toString())
        .isEqualTo("404 {\"error\":\"not_found\"}");
    try (var host = RoomPlayer.signIn(api.node(), "host");
        var guest = RoomPlayer.signIn(api.node(), "guest")) {
      RoomPlayer.start(api.node(), host, api.node(), guest);
      move(host, guest, 0, 0, null);
    }
    assertThat(admin.post(VERSIONS + "js-1/activate", "{}").status()).isEqualTo(200);
  }

  private static void deploysStaticFiles(Guest admin) {
    String versions = PATH + "/with-page/versions/";
    assertThat(upload(admin, versions + "1", form(zip("../index.html", "x"))).toString())
        .contains("422", "game_rejected", "leads out of the folder");
    assertThat(upload(admin, versions + "1", "--edge\r\nnothing").toString())
        .isEqualTo("400 {\"error\":\"invalid_request\"}");
    var deployed = upload(admin, versions + "1", form(zip("index.html", "the page")));
    assertThat(deployed.toString()).contains("201", "\"schemaVersion\":\"7\"");
    assertThat(upload(admin, versions + "1", form(zip("index.html", "another"))).toString())
        .isEqualTo("409 {\"error\":\"version_exists\"}");

    var page = file(admin, "with-page/1/index.html");
    assertThat(page.body()).isEqualTo("the page");
    assertThat(header(page, "content-type")).isEqualTo("text/html;charset=UTF-8");
    assertThat(header(page, "cache-control")).isEqualTo("no-cache");
    assertThat(header(page, "x-content-type-options")).isEqualTo("nosniff");
    assertThat(header(page, "content-security-policy"))
        .contains("sandbox allow-scripts", "default-src 'none'")
        .doesNotContain("allow-same-origin");
    assertThat(file(admin, "with-page/1/").body()).isEqualTo("the page");
    var script = file(admin, "with-page/1/assets/entry-1a2b3c4d.js");
    assertThat(header(script, "content-type")).isEqualTo("text/javascript;charset=UTF-8");
    assertThat(header(script, "cache-control")).isEqualTo("public, max-age=31536000, immutable");
    assertThat(header(script, "access-control-allow-origin")).isEqualTo("*");
    String tag = header(script, "etag");
    assertThat(file(admin, "with-page/1/assets/entry-1a2b3c4d.js", "if-none-match", tag))
        .returns(304, HttpResponse::statusCode);
    for (String none : new String[] {"with-page/1/none.js", "with-page/2/", "..%2f..%2fx", ""}) {
      assertThat(file(admin, none).statusCode()).as(none).isEqualTo(404);
    }
    assertThat(admin.delete(versions + "1").toString())
        .isEqualTo("409 {\"error\":\"version_active\"}");
  }

  private static HttpResponse<String> file(Guest admin, String path, String... headers) {
    return admin.api().node().get("/__openturn/bundle/" + path, headers);
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  private static byte[] zip(String path, String content) {
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes)) {
      for (String name : new String[] {path, "assets/entry-1a2b3c4d.js"}) {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(content.getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  private static String form(byte[] zip) {
    return part("script", JavaScriptGame.ticTacToe())
        + part("manifest", "{\"multiplayer\": {\"schemaVersion\": \"7\"}}")
        + part("files", new String(zip, StandardCharsets.ISO_8859_1))
        + "--edge--\r\n";
  }

  private static String part(String name, String content) {
    return "--edge\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"x\"\r\n\r\n%s\r\n"
        .formatted(name, content);
  }

  private static TestApi.Response upload(Guest admin, String path, String form) {
    var request =
        HttpRequest.newBuilder(admin.api().node().uri(path))
            .PUT(HttpRequest.BodyPublishers.ofByteArray(form.getBytes(StandardCharsets.ISO_8859_1)))
            .headers("content-type", "multipart/form-data; boundary=edge")
            .header("authorization", "Bearer " + admin.token())
            .build();
    HttpResponse<String> response = admin.api().node().send(request);
    return new TestApi.Response(response.statusCode(), new JsonObject(response.body()), response);
  }
}

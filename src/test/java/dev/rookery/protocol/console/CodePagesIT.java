package dev.rookery.protocol.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.loadtest.JavaScriptGame;
import dev.rookery.protocol.openturn.RoomPlayer;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.ExtensionSources;
import dev.rookery.testkit.RestPlayer;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The pages about extensions, games and scripts, with their uploads, on both databases. */
final class CodePagesIT {
  private static final String EXTENSIONS = "/admin/extensions";
  private static final String GAMES = "/admin/games";
  private static final String STATEMENTS =
      """
      context.functions().add(RpcFunction.named("greet")
          .taking("name", String.class)
          .handledBy(call -> "hello " + call.argument(0, String.class)));
      context.beforeHooks().lobbyCreate(draft -> draft);
      context.schedules().hourly("tidy", 7, run -> {});
      """;

  private record Site(TestNode node, ConsoleBrowser admin, RestPlayer owner) {
    String audited(String action) throws Exception {
      return owner.get("/api/v1/admin/audit?action=" + action).body().encode();
    }

    HttpResponse<String> page(String path) {
      var page = admin.get(path);
      assertThat(page.statusCode()).as(path + page.body()).isEqualTo(200);
      assertThat(page.body())
          .as(path)
          .doesNotContain("<style", " style=", "javascript:", "onclick=");
      return page;
    }

    /** Submits a form with files, as a browser does. */
    HttpResponse<String> upload(String path, String token, Map<String, byte[]> parts)
        throws Exception {
      var body = new ByteArrayOutputStream();
      var all = new LinkedHashMap<>(parts);
      all.put("_csrf_token", token.getBytes(StandardCharsets.UTF_8));
      for (var part : all.entrySet()) {
        body.write(
            ("--line\r\ncontent-disposition: form-data; name=\"" + part.getKey() + "\"\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8));
        body.write(part.getValue());
        body.write("\r\n".getBytes(StandardCharsets.UTF_8));
      }
      body.write("--line--\r\n".getBytes(StandardCharsets.UTF_8));
      return node.send(
          HttpRequest.newBuilder(node.uri(path))
              .header("cookie", admin.cookieHeader())
              .header("content-type", "multipart/form-data; boundary=line")
              .POST(BodyPublishers.ofByteArray(body.toByteArray()))
              .build());
    }

    HttpResponse<String> upload(String path, Map<String, byte[]> parts) throws Exception {
      return upload(path, ConsoleBrowser.csrfToken(admin.get(path).body()), parts);
    }
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String location(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
    return answer.headers().firstValue("location").orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#locations")
  void managesExtensionsAndGames(Databases.TestDatabase database) throws Exception {
    try (var node = TestNode.start(database, Map.of())) {
      var site =
          new Site(
              node,
              ConsoleBrowser.signIn(node, "owner@example.com"),
              ConsoleBrowser.signInToApi(node, "owner@example.com"));
      assertThat(site.page(EXTENSIONS).body()).contains("No extensions");
      refusesUploads(site);
      deploysExtensions(site);
      callsFunctions(site);
      runsJobs(site);
      rollsBack(site);
      deploysGames(site);
      showsAndRunsScripts(site);
      runsJobsOfTheServer(site);
      new RetentionCheck(node, site.admin(), site.owner()).run();
      new LoadCheck(site.admin()).run();
      changesNothingWithoutAnEntry(site, database);
    }
  }

  /** Entries are in the transactions of the changes, so these fail together. */
  private static void changesNothingWithoutAnEntry(Site site, Databases.TestDatabase database)
      throws Exception {
    String deployed = site.owner().get("/api/v1/admin/extensions").body().encode();
    try (var host = RoomPlayer.signIn(site.node(), "host");
        var guest = RoomPlayer.signIn(site.node(), "guest")) {
      RoomPlayer.start(site.node(), host, site.node(), guest);
      String match = "/api/v1/admin/matches/" + host.room();
      byte[] jar = ExtensionSources.started("3", STATEMENTS);
      database.update("ALTER TABLE console_audit RENAME TO kept_audit");
      assertThat(
              site.node()
                  .send(
                      byOwner(site, "/api/v1/admin/extensions/game")
                          .header("content-type", "application/octet-stream")
                          .PUT(BodyPublishers.ofByteArray(jar))
                          .build())
                  .statusCode())
          .isGreaterThanOrEqualTo(500);
      assertThat(site.owner().post(match + "/close", new JsonObject()).status())
          .isGreaterThanOrEqualTo(500);
      assertThat(site.owner().get("/api/v1/admin/extensions").body().encode()).isEqualTo(deployed);
      assertThat(site.owner().get(match).body().getJsonObject("data").getString("phase"))
          .isEqualTo("active");
      database.update("ALTER TABLE kept_audit RENAME TO console_audit");
      assertThat(site.owner().post(match + "/close", new JsonObject()).status()).isEqualTo(200);
      assertThat(site.audited("admin_close_match")).contains(host.room(), "done");
    }
  }

  private static Map<String, byte[]> jar(byte[] jar, String typed) {
    var parts = new LinkedHashMap<String, byte[]>();
    parts.put("name", text("game"));
    parts.put("jar", jar);
    parts.put("_typed", text(typed));
    parts.put("_reason", text("a new season"));
    return parts;
  }

  private static void refusesUploads(Site site) throws Exception {
    String path = EXTENSIONS + "/upload";
    byte[] good = ExtensionSources.started("1", STATEMENTS);
    assertThat(site.upload(path, "forged", jar(good, "game")).statusCode()).isEqualTo(403);
    assertThat(site.upload(path, jar(good, "other")).body()).contains("does not match");
    var unusable = site.upload(path, jar(text("no jar"), "game"));
    assertThat(unusable.statusCode()).isEqualTo(422);
    assertThat(unusable.body()).contains("Nothing was saved.", "<ul><li>");
    assertThat(site.page(EXTENSIONS).body()).contains("No extensions");
    assertThat(site.audited("admin_upload_extension")).contains("extension_rejected");
  }

  private static void deploysExtensions(Site site) throws Exception {
    String path = EXTENSIONS + "/upload";
    for (String version : new String[] {"1", "2"}) {
      byte[] jar = ExtensionSources.started(version, STATEMENTS);
      assertThat(location(site.upload(path, jar(jar, "game")))).startsWith(EXTENSIONS + "/game");
    }
    assertThat(site.audited("admin_upload_extension")).contains("a new season", "done");
    assertThat(site.page(EXTENSIONS).body()).contains(">game<", "active", "1 of 1");
    assertThat(site.page(EXTENSIONS + "/game").body())
        .contains("Rollout", "runs it", "earlier", "/activate/", "Roll back");
    assertThat(site.admin().get(EXTENSIONS + "/none").statusCode()).isEqualTo(404);
    assertThat(site.page(EXTENSIONS + "/game/hooks").body())
        .contains("lobby_create", "before the change");
    assertThat(site.page(EXTENSIONS + "/game/parked").body()).contains("No change is parked.");
  }

  private static void callsFunctions(Site site) throws Exception {
    String functions = EXTENSIONS + "/game/functions";
    assertThat(site.page(functions).body()).contains("greet(name)");
    String greet = functions + "/greet";
    var called = site.admin().submit(greet, greet + "/call", "args", "[\"Ann\"]");
    assertThat(called.body()).contains("Result: done", "&quot;hello Ann&quot;");
    assertThat(site.admin().submit(greet, greet + "/call", "args", "[1]").body())
        .contains("Result: refused");
    long test =
        site.owner()
            .post("/api/v1/admin/test_players", JsonObject.of("display_name", "Tess"))
            .body()
            .getJsonObject("data")
            .getLong("id");
    assertThat(site.page(greet).body()).contains("test player " + test);
    String[] as = {"args", "[\"Tess\"]", "caller", "test player " + test};
    assertThat(site.admin().submit(greet, greet + "/call", as).body()).contains("hello Tess");
    as[3] = "test player 1";
    assertThat(site.admin().submit(greet, greet + "/call", as).body())
        .contains("is no test player");
    refusesTestPlayersWhoAreAdmins(site, greet, test);
    var broken = site.admin().submit(greet, greet + "/call", "args", "[");
    assertThat(broken.statusCode()).isEqualTo(422);
    assertThat(broken.body()).contains("is not a JSON array");
    assertThat(site.audited("admin_call_extension_function"))
        .contains("extensions/game/functions/greet");
    assertThat(
            site.owner()
                .post(
                    "/api/v1/admin/extensions/game/functions/greet/call",
                    JsonObject.of("args", List.of("Ben")))
                .body()
                .encode())
        .contains("hello Ben");
  }

  private static void refusesTestPlayersWhoAreAdmins(Site site, String greet, long test)
      throws Exception {
    String grant = "/api/v1/admin/admins/" + test;
    assertThat(site.owner().send("PUT", grant, JsonObject.of("role", "admin")).ok()).isTrue();
    assertThat(site.page(greet).body()).doesNotContain("test player " + test);
    assertThat(
            site.owner()
                .post(
                    "/api/v1/admin/extensions/game/functions/greet/call",
                    JsonObject.of("args", List.of("Tess"), "user_id", test))
                .body()
                .encode())
        .contains("not_a_test_player");
  }

  private static void runsJobs(Site site) throws Exception {
    String schedules = EXTENSIONS + "/game/schedules";
    Eventually.holds(() -> site.page(schedules).body().contains("tidy"));
    var asked = site.admin().submit(schedules, schedules + "/tidy/run");
    location(site.admin().confirm(asked));
    assertThat(site.audited("admin_run_extension_schedule")).contains("schedules/tidy");
  }

  private static void rollsBack(Site site) throws Exception {
    String game = EXTENSIONS + "/game";
    var asked = site.admin().submit(game, game + "/rollback");
    location(site.admin().confirm(asked, "_typed", "game", "_reason", "it was better"));
    assertThat(site.audited("admin_rollback_extension")).contains("it was better");
    var activate = Pattern.compile("/activate/([0-9a-f]+)\"").matcher(site.page(game).body());
    assertThat(activate.find()).isTrue();
    var removed = site.admin().submit(game, game + "/remove");
    location(site.admin().confirm(removed, "_typed", "game", "_reason", "no longer used"));
    assertThat(site.page(EXTENSIONS).body()).contains("stopped");
  }

  private static void deploysGames(Site site) throws Exception {
    assertThat(site.page(GAMES).body()).contains("tic-tac-toe", "/play/tic-tac-toe");
    String path = GAMES + "/upload";
    var parts = new LinkedHashMap<String, byte[]>();
    parts.put("game", text("tic-tac-toe"));
    parts.put("version", text("js-1"));
    parts.put("schema", text("1"));
    parts.put("script", text("globalThis.openturn = {game: {}}"));
    parts.put("_typed", text("tic-tac-toe"));
    parts.put("_reason", text("a better one"));
    assertThat(site.upload(path, parts).statusCode()).isEqualTo(422);
    for (String version : new String[] {"js-1", "js-2"}) {
      parts.put("version", text(version));
      parts.put("script", text(JavaScriptGame.ticTacToe() + "// " + version));
      location(site.upload(path, parts));
    }
    assertThat(site.page(GAMES).body()).contains("js-1", "js-2", "/js-1/delete");
    var activate = site.admin().submit(GAMES, GAMES + "/tic-tac-toe/versions/js-1/activate");
    location(site.admin().confirm(activate));
    var delete = site.admin().submit(GAMES, GAMES + "/tic-tac-toe/versions/js-2/delete");
    // Rooms that were opened a moment ago may not be stored yet.
    var refused = site.admin().confirm(delete, "_typed", "js-2", "_reason", "not used");
    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(refused.body()).contains("There are rooms with this version");
    assertThat(site.audited("admin_remove_game")).contains("version_in_use");
  }

  private static void showsAndRunsScripts(Site site) throws Exception {
    String scripts = "/admin/scripts";
    assertThat(site.owner().send("DELETE", "/api/v1/admin/scripts/none", new JsonObject()).status())
        .isEqualTo(404);
    assertThat(site.audited("admin_remove_script"))
        .contains("not_found")
        .doesNotContain("\"done\"");
    assertThat(site.page(scripts).body()).contains("create_lobby", "served");
    String api = "/api/v1/admin/scripts/double";
    for (int factor : new int[] {2, 3}) {
      String set = "redis.call('SET', KEYS[1], ARGV[1] * " + factor + ")";
      store(site, api, set + " return redis.call('GET', KEYS[1])");
    }
    String script = scripts + "/double";
    assertThat(site.page(script).body()).contains("ARGV[1] * 3", "Stored by an admin.");
    assertThat(site.page(script + "?version=1").body())
        .contains("ARGV[1] * 2", "Changes from version 1 to version 2", "+ redis.call");
    assertThat(site.admin().get(script + "?version=9").statusCode()).isEqualTo(404);
    var run = site.admin().submit(script, script + "/run", "keys", "k", "args", "14");
    assertThat(run.body()).contains("Result of the test run", "&quot;42&quot;");
    assertThat(site.admin().submit(script, script + "/run", "keys", "", "args", "x").body())
        .contains("The test run failed");
    assertThat(site.audited("admin_run_script")).contains("scripts/double");
    assertThat(
            site.owner()
                .post(api + "/run", JsonObject.of("keys", List.of("k"), "args", List.of("1")))
                .body()
                .getJsonObject("data")
                .getString("text"))
        .isEqualTo("\"3\"");
    runsScriptOnLiveData(site, script, api);
    var back = site.admin().submit(script, script + "/rollback");
    location(site.admin().confirm(back, "_typed", "double", "_reason", "too much"));
    assertThat(site.page(script).body()).contains("ARGV[1] * 2");
    var delete = site.admin().submit(script, script + "/delete");
    location(site.admin().confirm(delete, "_typed", "double", "_reason", "not used"));
    assertThat(site.admin().get(script).statusCode()).isEqualTo(404);
    runsOneTestAtATime(site);
    editsScripts(site);
  }

  private static void runsScriptOnLiveData(Site site, String script, String api) throws Exception {
    assertThat(site.page(script).body()).contains("Run on live data…", script + "/run-live");
    var asked = site.admin().submit(script, script + "/run-live", "keys", "live", "args", "5");
    assertThat(asked.body()).contains("Run double on live data?", "KEYS [live]");
    assertThat(site.admin().confirm(asked, "_typed", "other", "_reason", "why").statusCode())
        .isEqualTo(422);
    var ran = site.admin().confirm(asked, "_typed", "double", "_reason", "a lost reward");
    assertThat(ran.body()).contains("Result of the run on live data", "&quot;15&quot;");
    assertThat(site.audited("admin_run_script_live"))
        .contains("scripts/double", "a lost reward", "live")
        .containsOnlyOnce("\"action\"");

    // What it wrote is there for the calls that follow.
    store(site, "/api/v1/admin/scripts/peek", "return redis.call('GET', KEYS[1])");
    JsonObject peek = JsonObject.of("keys", List.of("live"));
    assertThat(site.owner().post("/api/v1/admin/scripts/peek/run", peek).body().encode())
        .contains("(nil)");
    assertThat(site.owner().post("/api/v1/admin/scripts/peek/run_live", peek).body().encode())
        .contains("\\\"15\\\"");
    String none = "/api/v1/admin/scripts/none/run_live";
    assertThat(site.owner().post(none, new JsonObject()).status()).isEqualTo(404);
    var failed = site.owner().post(api + "/run_live", new JsonObject());
    assertThat(failed.body().getJsonObject("data").getBoolean("done")).isFalse();
  }

  private static void editsScripts(Site site) throws Exception {
    String fresh = "/admin/scripts/-/new";
    ConsoleBrowser admin = site.admin();
    assertThat(admin.get(fresh).body()).contains("data-editor=\"lua\"", "/admin/scripts/-/check");
    var broken = admin.submit(fresh, fresh, "name", "triple", "source", "return (");
    assertThat(broken.statusCode()).isEqualTo(422);
    assertThat(broken.body()).contains("triple.lua:1:");
    assertThat(admin.get("/admin/scripts/triple").statusCode()).isEqualTo(404);

    String check = "/admin/scripts/-/check";
    assertThat(admin.submit(fresh, check, "text", "local x = 1\nreturn (").body())
        .contains("\"line\":2");
    assertThat(admin.submit(fresh, check, "source", "return 1").body())
        .contains("It can be compiled.");
    String source = "redis.call('SET', KEYS[1], ARGV[1]) return redis.call('GET', KEYS[1])";
    var tried =
        admin.submit(
            fresh, "/admin/scripts/-/try", "source", source, "keys", "a", "args", "not stored");
    assertThat(tried.body()).contains("&quot;not stored&quot;", "redis.call(&#39;SET&#39;");

    String triple = "/admin/scripts/triple";
    assertThat(location(admin.submit(fresh, fresh, "name", "triple", "source", source)))
        .isEqualTo(triple + "?done=script-saved");
    assertThat(admin.submit(fresh, fresh, "name", "triple", "source", "return 0").body())
        .contains("has already been taken");
    String edit = triple + "/edit";
    location(admin.submit(edit, edit, "source", "return 4", "_revision", "1"));
    assertThat(site.page(triple).body()).contains("return 4", "?version=1");
    assertThat(admin.submit(edit, edit, "source", "return 5", "_revision", "1").statusCode())
        .as("somebody else saved meanwhile")
        .isEqualTo(409);
    assertThat(site.audited("admin_put_script")).contains("scripts/triple");
    assertThat(
            site.owner()
                .post(
                    "/api/v1/admin/scripts/triple/run",
                    JsonObject.of("source", "return ARGV[1]", "args", List.of("x")))
                .body()
                .getJsonObject("data")
                .getString("text"))
        .isEqualTo("\"x\"");
  }

  private static HttpRequest.Builder byOwner(Site site, String path) {
    return HttpRequest.newBuilder(site.node().uri(path))
        .header("authorization", "Bearer " + site.owner().token());
  }

  private static void store(Site site, String api, String source) throws Exception {
    var stored =
        site.node()
            .send(
                byOwner(site, api)
                    .header("content-type", "application/octet-stream")
                    .PUT(BodyPublishers.ofString(source))
                    .build());
    assertThat(stored.statusCode()).as(stored.body()).isEqualTo(200);
  }

  private static void runsOneTestAtATime(Site site) throws Exception {
    String api = "/api/v1/admin/scripts/endless";
    store(site, api, "while true do end");
    HttpRequest run =
        byOwner(site, api + "/run")
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofString("{}"))
            .build();
    var answers =
        Stream.generate(() -> TestNode.client().sendAsync(run, BodyHandlers.ofString()))
            .limit(8)
            .toList();
    assertThat(answers).extracting(answer -> answer.join().statusCode()).contains(200, 429);
  }

  private static void runsJobsOfTheServer(Site site) throws Exception {
    String jobs = "/admin/jobs";
    Eventually.holds(() -> site.page(jobs).body().contains("due matches"));
    assertThat(site.page(jobs).body()).contains("Run now: due matches", ">single<");
    var asked = site.admin().submit(jobs, jobs + "/due%20matches/run");
    location(site.admin().confirm(asked));
    assertThat(site.audited("admin_run_job")).contains("jobs/due matches", "done");
    assertThat(site.owner().get("/api/v1/admin/jobs").body().encode()).contains("due matches");
    assertThat(site.owner().post("/api/v1/admin/jobs/none/run", new JsonObject()).status())
        .isEqualTo(404);
  }
}

package dev.rookery.protocol.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.store.BackupRecord;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.PhoenixClient;
import dev.rookery.testkit.RawSocket;
import dev.rookery.testkit.RestPlayer;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** The pages about the nodes, and their live regions over real sockets. */
final class LiveConsoleTest {
  private static final String TOKEN = "metrics token of this test 4711";
  private static final Map<String, String> SETTINGS =
      Map.of(
          "METRICS_TOKEN",
          TOKEN,
          "ROOKERY_RATE_LIMIT_ENABLED",
          "true",
          "RATE_LIMIT_HTTP_GENERAL_LIMIT",
          "1000000",
          "ROOKERY_TRACES_SAMPLE",
          "1");
  private static final List<String> PAGES =
      List.of(
          "/admin",
          "/admin?range=7d",
          "/admin/connections",
          "/admin/system",
          "/admin/dashboard",
          "/admin/limits",
          "/admin/cluster",
          "/admin/cluster/ownership",
          "/admin/cluster/ownership?q=kind%3Aduty",
          "/admin/config?size=100",
          "/admin/config?q=is%3Asecret",
          "/admin/config?q=is%3Achanged",
          "/admin/logs?level=debug",
          "/admin/logs/download?level=debug",
          "/admin/traces");

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#locations")
  void showsTheNodeWithoutAnySecret(Databases.TestDatabase database) throws Exception {
    try (var node = TestNode.start(database, SETTINGS)) {
      var ann = ConsoleBrowser.signIn(node, "ann@example.com");
      LoggerFactory.getLogger("dev.rookery.LiveConsoleTest").warn("the token is {}", TOKEN);

      var password = Pattern.compile("://[^:/]+:([^@]+)@").matcher(database.url());
      String secret = password.find() ? password.group(1) : TOKEN;
      for (String path : PAGES) {
        var page = ann.get(path);
        assertThat(page.statusCode()).as(path).isEqualTo(200);
        assertThat(page.body())
            .as(path)
            .doesNotContain(TOKEN)
            .doesNotContain("only the tests of this build")
            .doesNotContain("://" + secret)
            .doesNotContain(" style=")
            .doesNotContain("onclick=");
      }
      assertThat(ann.get("/admin/config?q=is%3Asecret").body())
          .contains("auth.secretKeyBase")
          .containsPattern("set, digest [0-9a-f]{6}");
      assertThat(ann.get("/admin/config?q=http.port").body()).contains("the program");
      assertThat(ann.get("/admin/cluster/ownership?q=kind%3Aduty").body()).contains("duty/history");
      assertThat(ann.get("/admin", "x-part", "nodes").body())
          .contains("id=\"nodes\"")
          .doesNotContain("<html");
      Eventually.holds(
          () -> ann.get("/admin/logs?text=the+token").body().contains("the token is [secret]"));
      assertThat(ann.get("/admin/logs?level=error&text=the+token").body())
          .doesNotContain("the token is");
      forgetsClientsThatAreLimited(node, ann);
      setsTheLevelOfALogger(ann);
      var owner = ConsoleBrowser.signInToApi(node, "ann@example.com");
      new TraceCheck(node, ann, owner).run();
      assertThat(ann.get("/admin/dashboard/threads?node=single").body())
          .contains("rookery-log-ring");
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#locations")
  void keepsRegionsLiveUntilTheSessionEnds(Databases.TestDatabase database) {
    try (var node = TestNode.start(database)) {
      var ann = ConsoleBrowser.signIn(node, "ann@example.com");
      String ticket = ticket(ann);
      assertThat(status(node, ann, ticket, "origin: http://other.example")).isEqualTo(403);
      assertThat(RawSocket.handshake(node.port(), path(ticket), origin()).status()).isEqualTo(403);

      try (var socket = PhoenixClient.open(node.port(), path(ticket), origin(), cookies(ann))) {
        assertThat(status(node, ann, ticket, origin())).isEqualTo(403);

        assertThat(socket.join("console:overview?range=1h").isOk()).isTrue();
        JsonObject figures = socket.await("console:overview?range=1h", "live");
        assertThat(figures.getJsonObject("values").fieldNames())
            .contains("card.sockets.open", "node.single.sockets");
        assertThat(figures.getJsonObject("charts").fieldNames()).contains("players", "latency");

        assertThat(node.get("/metrics").body())
            .contains("rookery_console_live_views 1.0")
            .contains("rookery_console_live_sockets 1.0");
        assertThat(socket.join("console:nothing").isOk()).isFalse();
        assertThat(socket.join("user:1").isOk()).isFalse();

        var log = LoggerFactory.getLogger("dev.rookery.LiveConsoleTest");
        log.warn("live tail <b>one</b>");
        Eventually.holds(
            () -> ann.get("/admin/logs").body().contains("live tail &lt;b&gt;one&lt;/b&gt;"));
        String logs = "console:logs?level=warn&text=live+tail";
        var from = JsonObject.of("from", JsonObject.of("single", 0));
        assertThat(socket.join(logs, from).isOk()).isTrue();
        JsonArray missed = socket.await(logs, "live").getJsonArray("lines");
        assertThat(missed.getJsonObject(missed.size() - 1).getString("text"))
            .isEqualTo("live tail <b>one</b>");
        log.warn("live tail two");
        JsonObject two = socket.await(logs, "live").getJsonArray("lines").getJsonObject(0);
        assertThat(two.getString("text")).isEqualTo("live tail two");
        assertThat(two.getString("level")).isEqualTo("warn");

        ann.submit("/admin", "/admin/end-session");
        assertThat(socket.socket().receiveCloseCode()).isEqualTo(4001);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#locations")
  void showsHowFarAJobIs(Databases.TestDatabase database) {
    try (var node = TestNode.start(database)) {
      var ann = ConsoleBrowser.signIn(node, "ann@example.com");
      String job =
          ann.submit("/admin/users", "/admin/users/all-unban")
              .headers()
              .firstValue("location")
              .orElseThrow();
      Eventually.holds(() -> ann.get(job).body().contains("ready"));
      String topic = "console:bulk?job=" + job.substring(job.lastIndexOf('/') + 1);
      assertThat(ann.get(job).body()).contains(topic.substring("console:".length()));
      try (var socket =
          PhoenixClient.open(node.port(), path(ticket(ann)), origin(), cookies(ann))) {
        assertThat(socket.join(topic).isOk()).isTrue();
        JsonObject parts = socket.await(topic, "live").getJsonObject("parts");
        assertThat(parts.getString("record")).startsWith("ready ");
        ann.submit(job, job + "/cancel");
        JsonObject then = socket.await(topic, "live").getJsonObject("parts");
        assertThat(then.getString("record")).startsWith("cancelled ");
        assertThat(socket.join("console:bulk?job=999999").isOk()).isFalse();
      }
      assertThat(ann.get(job).body()).doesNotContain(topic.substring("console:".length()));
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#locations")
  void saysWhatIsLeftToSetUp(Databases.TestDatabase database) throws Exception {
    var kept = new Databases.TestDatabase(database.kind(), database.location(), () -> {});
    ConsoleBrowser ann;
    try (var node = TestNode.start(kept)) {
      RestPlayer eve = RestPlayer.signIn(TestNode.client(), node.uri(""), "eve");
      ann = ConsoleBrowser.signIn(node, "ann@example.com");
      assertThat(ann.get("/admin").body())
          .contains("is an admin because they were the first player of all")
          .contains("You have no second factor.", "href=\"/admin/factor\"")
          .contains("One opens a lobby, the other joins it.")
          .doesNotContain("The setup code is in the output", "Sign in from your client");

      RestPlayer bob = RestPlayer.signIn(TestNode.client(), node.uri(""), "bob");
      JsonObject lobby = eve.post("/api/v1/lobbies", JsonObject.of("title", "Friday")).body();
      assertThat(ann.get("/admin").body()).contains("One opens a lobby");
      long id = lobby.containsKey("id") ? lobby.getLong("id") : data(lobby).getLong("id");
      assertThat(bob.post("/api/v1/lobbies/" + id + "/join", new JsonObject()).ok()).isTrue();
      assertThat(ann.get("/admin").body())
          .contains("Two players were in one lobby.", "The node makes one while it runs")
          .doesNotContain("One opens a lobby");
    }
    BackupRecord.write(database.location(), Instant.EPOCH);
    try (var node = TestNode.start(database)) {
      assertThat(ann.at(node).get("/admin").body())
          .contains("A backup was made.")
          .doesNotContain("The node makes one while it runs");
    }
  }

  private static JsonObject data(JsonObject body) {
    return body.getJsonObject("data");
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#locations")
  void limitsTheSocketsOfAnAdmin(Databases.TestDatabase database) {
    try (var node = TestNode.start(database)) {
      var ann = ConsoleBrowser.signIn(node, "ann@example.com");
      var sockets = new ArrayList<RawSocket>();
      for (int i = 0; i < LiveSockets.PER_ADMIN_MAX; i++) {
        sockets.add(RawSocket.handshake(node.port(), path(ticket(ann)), origin(), cookies(ann)));
      }
      assertThat(sockets).allMatch(socket -> socket.status() == 101);
      assertThat(status(node, ann, ticket(ann), origin())).isEqualTo(503);

      sockets.removeLast().close();
      Eventually.holds(() -> status(node, ann, ticket(ann), origin()) == 101);
      // A refused request counts no longer than it lasts.
      for (int i = 0; i < LiveSockets.PER_ADMIN_MAX; i++) {
        Eventually.holds(() -> status(node, ann, "absent", origin()) == 403);
      }
      sockets.forEach(RawSocket::close);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.rookery.testkit.Databases#locations")
  void keepsRegionsLiveForARoleOfOnesOwn(Databases.TestDatabase database) throws Exception {
    try (var node = TestNode.start(database)) {
      ConsoleBrowser.signIn(node, "ann@example.com");
      RestPlayer ann = ConsoleBrowser.signInToApi(node, "ann@example.com");
      var permissions = JsonObject.of("permissions", List.of("matchmaking.read"), "revision", 0);
      assertThat(ann.send("PUT", "/api/v1/admin/roles/support", permissions).ok()).isTrue();
      var bob = new ConsoleBrowser(node);
      bob.register("bob@example.com");
      long player = ConsoleBrowser.signInToApi(node, "bob@example.com").id();
      var role = JsonObject.of("role", "support");
      assertThat(ann.send("PUT", "/api/v1/admin/admins/" + player, role).ok()).isTrue();
      bob.openConsole();

      String region = "console:matchmaking";
      try (var socket =
          PhoenixClient.open(node.port(), path(ticket(bob)), origin(), cookies(bob))) {
        assertThat(socket.join(region).isOk()).isTrue();
        socket.await(region, "live");
        // Three seconds later, when the session was checked several times.
        socket.await(region, "live");
      }
    }
  }

  /** Again where the window of time ended in between, as it may at any time. */
  private static void forgetsClientsThatAreLimited(TestNode node, ConsoleBrowser ann) {
    var row = Pattern.compile("formaction=\"(/admin/limits/[0-9a-f]+/forget)\"");
    var action = new AtomicReference<String>();
    Eventually.holds(
        () -> {
          for (int i = 0; i < 12; i++) {
            node.post("/api/v1/login", "{}");
          }
          var limited = row.matcher(ann.get("/admin/limits").body());
          action.set(limited.find() ? limited.group(1) : null);
          return action.get() != null;
        });
    var question = ann.submit("/admin/limits", action.get());
    assertThat(question.body()).contains("Let clients of 127.0.0.1 make requests again?");
    assertThat(ann.confirm(question).statusCode()).isEqualTo(303);
    assertThat(ann.get("/admin/limits").body())
        .contains("Nobody is limited.")
        .doesNotContain("/forget\"");
  }

  private static void setsTheLevelOfALogger(ConsoleBrowser ann) {
    String logger = "dev.rookery.LiveConsoleTest.quiet";
    var log = LoggerFactory.getLogger(logger);
    assertThat(log.isDebugEnabled()).isFalse();
    assertThat(
            ann.submit("/admin/logs", "/admin/logs/level", "logger", "x y", "level", "debug")
                .statusCode())
        .isEqualTo(422);
    var question =
        ann.submit("/admin/logs", "/admin/logs/level", "logger", logger, "level", "debug");
    assertThat(ann.confirm(question).statusCode()).isEqualTo(303);
    assertThat(log.isDebugEnabled()).isTrue();
    assertThat(ann.get("/admin/logs").body()).contains(logger + " at debug on single until");
  }

  private static int status(TestNode node, ConsoleBrowser browser, String ticket, String origin) {
    try (var socket = RawSocket.handshake(node.port(), path(ticket), origin, cookies(browser))) {
      return socket.status();
    }
  }

  static String ticket(ConsoleBrowser browser) {
    var answer =
        browser.post("/admin/live/ticket", ConsoleBrowser.csrfToken(browser.get("/admin").body()));
    assertThat(answer.statusCode()).isEqualTo(200);
    return new JsonObject(answer.body()).getString("ticket");
  }

  static String path(String ticket) {
    return LiveSockets.PATH + "?vsn=2.0.0&ticket=" + ticket;
  }

  /** The header of a page of the same host, as the raw socket names it. */
  static String origin() {
    return "origin: http://localhost";
  }

  static String cookies(ConsoleBrowser browser) {
    return browser.cookies().entrySet().stream()
        .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
        .collect(Collectors.joining("; ", "cookie: ", ""));
  }
}

package dev.rookery.protocol.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.console.RoleTemplate;
import dev.rookery.protocol.openturn.RoomPlayer;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.PhoenixClient;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Many admins who watch the same pages: what is made for one of them is made for all. */
final class LiveViewersTest {
  private static final int VIEWERS = 200;
  private static final String REGION = "console:overview?range=1h";
  private static final String LIST = "/admin/matches";
  private static final Pattern MADE =
      Pattern.compile("rookery_console_live_messages_total(?:\\{[^}]*})? ([0-9.]+)");
  private static final SharedParts.Key KEY =
      new SharedParts.Key(LIST, "list", "1", RoleTemplate.VIEWER);

  private static ConsoleSite site;
  private static final List<ConsoleBrowser> ADMINS = new ArrayList<>();

  @BeforeAll
  static void start() {
    site = ConsoleSite.start(Databases.sqlite(), Map.of("LIMIT_LOGIN_MAX", "100000"));
    for (int i = 0; i < VIEWERS / LiveSockets.PER_ADMIN_MAX; i++) {
      ADMINS.add(site.withRole(RoleTemplate.VIEWER));
    }
  }

  @AfterAll
  static void stop() {
    site.stop();
  }

  @Test
  void makesAMessageOnceForAllWhoWatch() {
    var sockets = new ArrayList<PhoenixClient>();
    try {
      for (int i = 0; i < VIEWERS; i++) {
        sockets.add(watch(ADMINS.get(i % ADMINS.size())));
      }
      for (PhoenixClient socket : sockets) {
        socket.await(REGION, "live");
        socket.await(REGION, "live");
      }
      double made = made();
      var first = sockets.getFirst();
      var received = new AtomicInteger(2);
      // It has watched from the first message on, so it gets as many as were made.
      Eventually.holds(
          () -> {
            long live = first.drain().stream().filter(one -> one.event().equals("live")).count();
            return received.addAndGet((int) live) >= made;
          });
    } finally {
      sockets.forEach(PhoenixClient::close);
    }
  }

  private static PhoenixClient watch(ConsoleBrowser admin) {
    var socket =
        PhoenixClient.open(
            site.node().port(),
            LiveConsoleTest.path(LiveConsoleTest.ticket(admin)),
            LiveConsoleTest.origin(),
            LiveConsoleTest.cookies(admin));
    assertThat(socket.join(REGION).isOk()).isTrue();
    return socket;
  }

  private static double made() {
    var made = MADE.matcher(site.node().get("/metrics").body());
    assertThat(made.find()).isTrue();
    return Double.parseDouble(made.group(1));
  }

  @Test
  void rendersAPartOnceForAllWithTheSameRole() throws Exception {
    try (var host = RoomPlayer.signIn(site.node(), "host");
        var guest = RoomPlayer.signIn(site.node(), "guest")) {
      // Late, because a part is kept for seconds.
      String before = part(ADMINS.getFirst(), "one");
      RoomPlayer.start(site.node(), host, site.node(), guest);
      Eventually.holds(() -> ADMINS.get(1).get(LIST).body().contains(host.room()));

      assertThat(part(ADMINS.get(1), "one")).isEqualTo(before).doesNotContain(host.room());
      assertThat(part(ADMINS.get(1), "two")).contains(host.room());
      assertThat(part(site.admin(), "one")).contains(host.room());
      assertThat(ADMINS.get(2).get(LIST, "x-part", "list").body()).contains(host.room());
    }
  }

  private static String part(ConsoleBrowser admin, String version) {
    var answer = admin.get(LIST, "x-part", "list", SharedParts.VERSION, version);
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.body();
  }

  @Test
  void givesEachBrowserItsOwnTokenInASharedPart() {
    String path = "/admin/jobs";
    String ann = ADMINS.get(0).get(path, "x-part", "record", SharedParts.VERSION, "1").body();
    String ben = ADMINS.get(1).get(path, "x-part", "record", SharedParts.VERSION, "1").body();
    String own = ConsoleBrowser.csrfToken(ADMINS.get(1).get(path).body());
    assertThat(ben)
        .isEqualTo(ann.replace(ConsoleBrowser.csrfToken(ADMINS.get(0).get(path).body()), own));
  }

  @Test
  void rendersOnceForRequestsAtTheSameTime() {
    Vertx vertx = Vertx.vertx();
    try {
      var parts = new SharedParts();
      var rendered = new AtomicInteger();
      Promise<SharedParts.Part> rendering = Promise.promise();
      var found = new ArrayList<Future<SharedParts.Part>>();
      Context here = vertx.getOrCreateContext();
      for (int i = 0; i < VIEWERS; i++) {
        found.add(
            parts.find(
                KEY,
                here,
                () -> {
                  rendered.incrementAndGet();
                  return rendering.future();
                }));
      }
      rendering.complete(new SharedParts.Part(200, "rows"));
      Future.all(found).toCompletionStage().toCompletableFuture().join();
      assertThat(found).allMatch(one -> one.result().text().equals("rows"));
      assertThat(rendered).hasValue(1);
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }

  @Test
  void rendersAgainAfterAFailure() {
    Vertx vertx = Vertx.vertx();
    try {
      var parts = new SharedParts();
      Context here = vertx.getOrCreateContext();
      var failed = parts.find(KEY, here, () -> Future.failedFuture("away"));
      Eventually.holds(failed::failed);
      var broken =
          parts.find(
              KEY,
              here,
              () -> {
                throw new IllegalStateException("broken");
              });
      Eventually.holds(broken::failed);
      var again =
          parts.find(KEY, here, () -> Future.succeededFuture(new SharedParts.Part(200, "rows")));
      Eventually.holds(again::succeeded);
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }
}

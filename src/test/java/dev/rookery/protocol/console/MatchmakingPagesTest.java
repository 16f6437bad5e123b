package dev.rookery.protocol.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.console.RoleTemplate;
import dev.rookery.protocol.kamon.RelayClient;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.GameFlowClient;
import dev.rookery.testkit.RestPlayer;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The pages of matchmaking, and of the rooms of the relay, over HTTP, on both databases. */
final class MatchmakingPagesTest {
  private static final List<ConsoleSite> SITES = new ArrayList<>();

  static Stream<ConsoleSite> sites() {
    return SITES.stream();
  }

  @BeforeAll
  static void start() {
    SITES.addAll(ConsoleSite.startAll(Map.of()));
  }

  @AfterAll
  static void stop() {
    SITES.forEach(ConsoleSite::stop);
  }

  @ParameterizedTest
  @MethodSource("sites")
  void saysWhyATicketIsNotMatchedAndCancelsIt(ConsoleSite site) throws Exception {
    try (var ann = GameFlowClient.connect(site.node(), "Ann");
        var ben = GameFlowClient.connect(site.node(), "Ben")) {
      ann.send("matchmaking:find", "mode", "quiz", "region", "eu", "size", 2)
          .receive("matchmaking:searching");
      ben.send("matchmaking:find", "mode", "quiz", "region", "us", "size", 2)
          .receive("matchmaking:searching");
      String path = "/admin/matchmaking";
      var list = site.admin().get(path + "?q=region:eu");
      PlayPagesTest.assertSafe(path, list);
      assertThat(list.body()).contains(">Ann<", "quiz").doesNotContain(">Ben<");
      var pools = site.admin().get(path + "/pools");
      PlayPagesTest.assertSafe(path + "/pools", pools);
      assertThat(pools.body()).contains("region%3A%22eu%22");

      var row = Pattern.compile("id=\"list-([0-9a-f-]{36})\"").matcher(list.body());
      assertThat(row.find()).isTrue();
      String ticket = path + "/tickets/" + row.group(1);
      var why = site.admin().get(ticket);
      PlayPagesTest.assertSafe(ticket, why);
      assertThat(why.body())
          .contains("not matched: 1 more compatible players are needed")
          .contains("Rules that refuse", "region", "never");

      var cancel = site.admin().submit(ticket, ticket + "/cancel");
      ConsoleSite.location(site.admin().confirm(cancel));
      assertThat(ann.receive("matchmaking:error")).isNotNull();
      assertThat(site.audited("admin_cancel_matchmaking_ticket")).contains(row.group(1));
      assertThat(site.admin().get(ticket).statusCode()).isEqualTo(404);
      simulates(site, path);
    }
  }

  private static void simulates(ConsoleSite site, String path) throws Exception {
    String simulate = path + "/simulate";
    PlayPagesTest.assertSafe(simulate, site.admin().get(simulate + "?mode=quiz"));
    String[] ticket = {
      "mode", "quiz", "region", "us", "size", "2", "party", "1", "mu", "25", "sigma", "8"
    };
    var matched = site.admin().submit(simulate, simulate, ticket);
    assertThat(matched.body()).contains("matched with", "fits");
    assertThat(site.audited("admin_simulate_matchmaking")).contains("quiz");
    ticket[5] = "3";
    var odd = site.admin().submit(simulate, simulate, ticket);
    assertThat(odd.statusCode()).isEqualTo(422);
    assertThat(odd.body()).contains("must be even");

    String api = "/api/v1/admin/matchmaking";
    JsonObject report =
        site.owner()
            .post(
                api + "/simulate",
                JsonObject.of("mode", "quiz", "region", "us", "size", 2, "mu", 900, "sigma", 8))
            .body()
            .getJsonObject("data");
    assertThat(report.getJsonArray("matched_with")).isEmpty();
    assertThat(report.getJsonArray("mismatches").getJsonObject(0).getString("criterion"))
        .isEqualTo("skill");
    JsonObject tickets = site.owner().get(api + "/tickets?mode=quiz").body();
    assertThat(tickets.getJsonArray("data")).hasSize(1);
    assertThat(site.owner().get(api + "/pools").body().encode()).contains("quiz");
  }

  @ParameterizedTest
  @MethodSource("sites")
  void listsAndClosesRoomsOfTheRelay(ConsoleSite site) throws Exception {
    String relay = "/admin/relay";
    try (var socket = RelayClient.register(site.node(), "a-long-name", 1)) {
      Eventually.holds(() -> site.admin().get(relay).body().contains("a-long-name"));
      PlayPagesTest.assertSafe(relay, site.admin().get(relay));
      assertThat(site.admin().get(relay + "?q=other").body()).contains("No rooms");
      hidesNamesOfRoomsOfTheRelay(site, relay);
      String close = relay + "/close?room=a-long-name";
      var asked = site.admin().submit(relay, close);
      ConsoleSite.location(
          site.admin().confirm(asked, "_typed", "a-long-name", "_reason", "abuse"));
      assertThat(socket.receiveCloseCode()).isEqualTo(1008);
      assertThat(site.audited("admin_close_relay_room")).contains("abuse", "done");
      Eventually.holds(() -> site.admin().get(relay).body().contains("No rooms"));
      assertThat(
              site.owner()
                  .post("/api/v1/admin/relay/close", JsonObject.of("room", "none"))
                  .status())
          .isEqualTo(404);
      assertThat(site.owner().get("/api/v1/admin/relay").body().getJsonArray("data")).isEmpty();
    }
  }

  /** A client with the name of a room can take a seat in it. */
  private static void hidesNamesOfRoomsOfTheRelay(ConsoleSite site, String relay) throws Exception {
    String page = site.withRole(RoleTemplate.VIEWER).get(relay).body();
    assertThat(page)
        .contains("***", "their names need relay.close")
        .doesNotContain("a-long-name", "relay/close");
    RestPlayer viewer =
        RestPlayer.signIn(TestNode.client(), site.node().uri(""), "viewer" + System.nanoTime());
    var role = JsonObject.of("role", RoleTemplate.VIEWER.name());
    assertThat(site.owner().send("PUT", "/api/v1/admin/admins/" + viewer.id(), role).ok()).isTrue();
    for (String prefix : List.of("a-long", "other")) {
      assertThat(viewer.get("/api/v1/admin/relay?prefix=" + prefix).body().getJsonArray("data"))
          .hasSize(1)
          .first()
          .extracting(room -> ((JsonObject) room).getString("room"))
          .isEqualTo("***");
    }
  }
}

package dev.rookery.protocol.console;

import dev.rookery.protocol.openturn.RoomPlayer;
import dev.rookery.testkit.Chromium;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.NodeScript;
import dev.rookery.testkit.RestPlayer;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console and the pages of players in a real browser, read by axe-core. */
final class ConsoleBrowserIT {
  private static final Duration WALK_WITHIN = Duration.ofMinutes(20);

  @Test
  void theConsoleIsUsedWithScriptAndWithout(@TempDir Path profile) throws Exception {
    try (var node = TestNode.start(Databases.sqlite());
        var host = RoomPlayer.signIn(node, "host");
        var guest = RoomPlayer.signIn(node, "guest")) {
      RoomPlayer.start(node, host, node, guest);
      host.place(0, 0, "client_1").receive("batch_applied");
      guest.receive("batch_applied");
      guest.place(1, 1, "client_1").receive("batch_applied");
      ConsoleBrowser admin = ConsoleBrowser.signIn(node, "owner@example.com");
      var base = URI.create("http://127.0.0.1:" + node.port());
      RestPlayer eve = RestPlayer.signIn(TestNode.client(), base, "eve");
      eve.send("PATCH", "/api/v1/me/display_name", JsonObject.of("display_name", "Eve"));
      eve.post("/api/v1/lobbies", JsonObject.of("title", "Arena"));
      try (var script =
          NodeScript.start(
              "console.mjs",
              base.toString(),
              Chromium.path().toString(),
              profile.toString(),
              admin.cookieHeader(),
              "/admin/matches/" + host.room(),
              "/admin/users/" + eve.id())) {
        script.assertSuccess();
      }
    }
  }

  /**
   * Shows other pages in each run, by a seed that is printed; {@code -Drookery.walk=SEED} repeats
   * them, {@code -Drookery.walk=all} shows all pages (scripts/walk).
   */
  @Test
  void pagesAreAccessibleToEachOfTheirVisitors(@TempDir Path profile, @TempDir Path folder)
      throws Exception {
    String asked = System.getProperty("rookery.walk", Long.toString(System.nanoTime()));
    System.out.println("pages of the walk: " + asked);
    Random chosen = asked.equals("all") ? null : new Random(Long.parseLong(asked));
    var site = ConsoleSite.start(Databases.sqlite(), WalkPlan.settings(folder));
    try (var contents = ConsoleContents.fill(site)) {
      Path plan =
          Files.writeString(folder.resolve("plan.json"), WalkPlan.of(site, contents, chosen));
      try (var script =
          NodeScript.start(
              "walk.mjs",
              "http://127.0.0.1:" + site.node().port(),
              Chromium.path().toString(),
              profile.toString(),
              plan.toString())) {
        script.assertSuccess(WALK_WITHIN);
      }
    } finally {
      site.stop();
    }
  }

  @Test
  void opensWithAPasskeyOfTheBrowser(@TempDir Path profile) {
    var settings = Map.of("ROOKERY_ADMIN_SECOND_FACTOR", "required");
    try (var node = TestNode.start(Databases.sqlite(), settings);
        var script =
            NodeScript.start(
                "passkey.mjs",
                "http://localhost:" + node.port(),
                Chromium.path().toString(),
                profile.toString(),
                Objects.requireNonNull(node.node().setupCode()))) {
      script.assertSuccess();
    }
  }
}

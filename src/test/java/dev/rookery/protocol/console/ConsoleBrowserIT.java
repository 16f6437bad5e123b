package dev.rookery.protocol.console;

import dev.rookery.protocol.openturn.RoomPlayer;
import dev.rookery.testkit.Chromium;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.NodeScript;
import dev.rookery.testkit.RestPlayer;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console in a real browser: every kind of page, with script and without, read by axe-core. */
final class ConsoleBrowserIT {
  @Test
  void everyPageIsAccessibleWithScriptAndWithout(@TempDir Path profile) throws Exception {
    try (var node = TestNode.start(Databases.sqlite());
        var host = RoomPlayer.signIn(node, "host");
        var guest = RoomPlayer.signIn(node, "guest")) {
      RoomPlayer.start(node, host, node, guest);
      host.place(0, 0, "client_1").receive("batch_applied");
      guest.receive("batch_applied");
      guest.place(1, 1, "client_1").receive("batch_applied");
      String match = "/admin/matches/" + host.room();
      ConsoleBrowser admin = ConsoleBrowser.signIn(node, "owner@example.com");
      var base = URI.create("http://127.0.0.1:" + node.port());
      RestPlayer eve = RestPlayer.signIn(TestNode.client(), base, "eve");
      String name = "<b>Eve</b> \u05d0\u05d1 with a name of many words";
      eve.send("PATCH", "/api/v1/me/display_name", JsonObject.of("display_name", name));
      eve.post("/api/v1/lobbies", JsonObject.of("title", name));
      eve.post("/api/v1/groups", JsonObject.of("title", name));
      String player = "/admin/users/" + eve.id();
      var pages =
          List.of(
              "/admin",
              "/admin/cluster",
              "/admin/config?size=25",
              "/admin/logs",
              "/admin/traces",
              "/admin/streams?topic=lobby:1",
              "/admin/streams?topic=lobby:1&tab=sent",
              "/admin/streams?topic=lobby:1&tab=resume&epoch=1&offset=1",
              "/admin/matches",
              match,
              match + "/secret?at=1&seat=1",
              match + "/room",
              "/admin/matchmaking",
              "/admin/matchmaking/simulate",
              "/admin/extensions",
              "/admin/extensions/upload",
              "/admin/games",
              "/admin/games/upload",
              "/admin/scripts",
              "/admin/scripts/create_lobby",
              "/admin/scripts/-/new",
              "/admin/kv/schemas",
              "/admin/kv/schemas/new",
              "/admin/theme?look=dark",
              "/admin/jobs",
              "/admin/connect?tab=unity&device=try-abcdefghijkl",
              "/admin/explorer?tag=Lobbies",
              "/admin/explorer/admin_ban_user?lang=java",
              "/admin/sample",
              "/admin/test-players",
              "/admin/playground",
              "/admin/users",
              "/admin/groups",
              "/admin/lobbies/1",
              "/admin/lobbies/1/edit",
              "/admin/chat",
              "/admin/search?q=e",
              "/admin/admins",
              "/admin/audit",
              "/admin/me",
              player,
              player + "/edit",
              player + "/ban",
              player + "/friends");
      try (var script =
          NodeScript.start(
              "console.mjs",
              base.toString(),
              Chromium.path().toString(),
              profile.toString(),
              admin.cookieHeader(),
              String.join(" ", pages))) {
        script.assertSuccess();
      }
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

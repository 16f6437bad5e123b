package dev.rookery.protocol.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.protocol.openturn.RoomPlayer;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.ExtensionSources;
import dev.rookery.testkit.GameFlowClient;
import dev.rookery.testkit.RestPlayer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A server where each page of the console has something to show: players with names that are hard
 * to show, and one thing at least of each kind that a list has.
 */
final class ConsoleContents implements AutoCloseable {
  private static final String API = "/api/v1/";
  private static final String ADMIN = API + "admin/";
  private static final String NAME = "<b>Eve</b> \u05d0\u05d1 with a name of many words";
  private static final String TRACE = "href=\"/admin/traces/";
  private static final String EXTENSION =
      """
      context.functions().add(RpcFunction.named("greet")
          .taking("name", String.class)
          .handledBy(call -> "hello " + call.argument(0, String.class)));
      context.beforeHooks().lobbyCreate(draft -> draft);
      context.schedules().hourly("tidy", 7, run -> {});
      """;

  private final ConsoleSite site;
  private final List<Runnable> open = new ArrayList<>();
  private final List<String> pages = new ArrayList<>();
  private String room = "";

  private ConsoleContents(ConsoleSite site) {
    this.site = site;
  }

  /**
   * The settings of a node that is filled afterwards.
   *
   * @param folder of its own, for its extensions and its data
   */
  static Map<String, String> settings(Path folder) throws IOException {
    Path extensions = Files.createDirectory(folder.resolve("extensions"));
    ExtensionSources.put(extensions, "game", ExtensionSources.started("1", EXTENSION));
    return Map.of(
        "EXTENSIONS_DIR",
        extensions.toString(),
        "ROOKERY_DATA_DIR",
        folder.resolve("data").toString(),
        "LIMIT_LOGIN_MAX",
        "100000",
        // So few that they stay while a walk makes others.
        "ROOKERY_TRACES_SAMPLE",
        "0.05");
  }

  static ConsoleContents fill(ConsoleSite site) throws Exception {
    var contents = new ConsoleContents(site);
    contents.match();
    contents.social();
    contents.content();
    contents.moderation();
    contents.settings();
    Eventually.holds(() -> site.admin().get("/admin/traces").body().contains(TRACE));
    return contents;
  }

  /** Pages that no list links to, and those of things that lists show by a search alone. */
  List<String> pages() {
    return List.copyOf(pages);
  }

  /** The room of the match that runs. */
  String room() {
    return room;
  }

  private void match() throws Exception {
    RoomPlayer host = opened(RoomPlayer.signIn(site.node(), "host"), RoomPlayer::close);
    RoomPlayer guest = opened(RoomPlayer.signIn(site.node(), "guest"), RoomPlayer::close);
    RoomPlayer.start(site.node(), host, site.node(), guest);
    host.place(0, 0, "client_1").receive("batch_applied");
    room = host.room();
    pages.add("/admin/matches/" + room);
    GameFlowClient ann = opened(GameFlowClient.connect(site.node(), "Ann"), GameFlowClient::close);
    ann.send("matchmaking:find", "mode", "quiz", "region", "eu", "size", 2)
        .receive("matchmaking:searching");
  }

  private <T> T opened(T one, Consumer<T> close) {
    open.add(() -> close.accept(one));
    return one;
  }

  private void social() throws Exception {
    RestPlayer eve = site.namedPlayer("eve", NAME);
    RestPlayer bob = site.namedPlayer("bob");
    pages.add("/admin/users/" + eve.id());
    pages.add("/admin/users/" + bob.id());
    long lobby = ConsoleSite.id(eve.post(API + "lobbies", JsonObject.of("title", NAME)));
    done(bob.post(API + "lobbies/" + lobby + "/join", new JsonObject()));
    pages.add("/admin/streams?topic=lobby:" + lobby);
    long group = ConsoleSite.id(eve.post(API + "groups", JsonObject.of("title", NAME)));
    done(bob.post(API + "groups/" + group + "/join", new JsonObject()));
    done(eve.post(API + "parties", new JsonObject()));
    done(eve.post(API + "friends", JsonObject.of("target_user_id", bob.id())));
    var message = JsonObject.of("chat_type", "lobby", "chat_ref_id", lobby, "content", NAME);
    long sent = ConsoleSite.id(eve.post(API + "chat/messages", message));
    done(
        bob.post(
            API + "chat/messages/" + sent + "/report",
            JsonObject.of("reason", "spam", "text", NAME)));
    done(bob.post(API + "users/" + eve.id() + "/report", JsonObject.of("reason", "cheating")));
    done(admin("notifications", site.notification(eve, NAME)));
    done(admin("users/" + eve.id() + "/notes", JsonObject.of("content", NAME)));
    done(admin("test_players", JsonObject.of("display_name", "Tess")));
    long board =
        ConsoleSite.id(admin("leaderboards", JsonObject.of("slug", "coins", "title", NAME)));
    var record = JsonObject.of("user_id", eve.id(), "score", 7);
    done(admin("leaderboards/" + board + "/records", record));
  }

  private void content() throws Exception {
    done(admin("achievements", JsonObject.of("slug", "first", "title", NAME)));
    site.putEntry("season.rewards", NAME);
    var schema = JsonObject.of("type", "object");
    done(admin("kv/schemas", JsonObject.of("pattern", "season.*", "schema", schema)));
  }

  private void moderation() throws Exception {
    RestPlayer rude = site.namedPlayer("rude");
    done(
        site.owner()
            .send("PUT", ADMIN + "chat/mutes/" + rude.id(), JsonObject.of("reason", "insults")));
    done(admin("chat/filters", JsonObject.of("pattern", "zapper", "action", "flag")));
    var broadcast = JsonObject.of("audience", "all", "title", NAME, "content", "c");
    done(admin("notifications/broadcasts", broadcast));
    done(admin("bulk/users/unban", JsonObject.of("q", "rude")));
  }

  private void settings() throws Exception {
    done(admin("invites", JsonObject.of("role", "viewer", "email", "new@example.com")));
    var view = JsonObject.of("list", "users", "name", "Eve", "q", "eve", "shared", true);
    done(admin("views", view));
    var key =
        JsonObject.of(
            "name",
            "ci",
            "permissions",
            List.of("players.read"),
            "expires",
            Instant.now().plus(Duration.ofDays(30)).toString());
    done(admin("keys", key));
    var support = JsonObject.of("permissions", List.of("limits.read"), "revision", 0);
    done(site.owner().send("PUT", ADMIN + "roles/support", support));
    done(admin("backups", new JsonObject()));
  }

  private RestPlayer.Response admin(String path, JsonObject body) throws Exception {
    return site.owner().post(ADMIN + path, body);
  }

  private static void done(RestPlayer.Response answer) {
    assertThat(answer.ok()).as(answer.toString()).isTrue();
  }

  @Override
  public void close() {
    open.reversed().forEach(Runnable::run);
  }
}

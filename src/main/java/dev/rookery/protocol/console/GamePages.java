package dev.rookery.protocol.console;

import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.console.Permission;
import dev.rookery.match.GameCommand;
import dev.rookery.match.GameListing;
import dev.rookery.match.GameManifest;
import dev.rookery.match.GameProblem;
import dev.rookery.match.GameVersion;
import dev.rookery.match.MatchQuery;
import dev.rookery.match.MatchQuery.RunningVersion;
import dev.rookery.match.PlayableGame;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import dev.rookery.protocol.console.RecordPage.Section;
import io.vertx.core.Future;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Games: playable ones, deployed versions with their running matches, upload, activate, delete. */
final class GamePages implements ConsoleSection {
  private static final String PATH = "/admin/games";
  private static final String VERSION = PATH + "/:game/versions/:version";
  private static final String UPLOAD = PATH + "/upload";

  /** A script, a manifest and an archive of static files. */
  private static final int UPLOAD_BYTES_MAX = 21 << 20;

  private static final int SCRIPT_BYTES_MAX = 4 << 20;
  private static final String GAME = "game";
  private static final String SCRIPT = "script";
  private static final String FILES = "files";
  private static final String SCHEMA = "schema";
  private static final int DIGEST_SHOWN = 12;

  private final Bus bus;
  private final Changes changes;

  GamePages(Bus bus, Changes changes) {
    this.bus = bus;
    this.changes = changes;
  }

  @Override
  public void register(ConsoleRouter console) {
    console.menu(new MenuEntry(MenuEntry.Group.CODE, "Games", PATH, null, Permission.GAMES_READ));
    console.page(PATH, Permission.GAMES_READ, this::show);
    console.page(
        UPLOAD, Permission.GAMES_DEPLOY, _ -> Future.succeededFuture(uploadPage(uploadForm())));
    console.upload(UPLOAD, Permission.GAMES_DEPLOY, UPLOAD_BYTES_MAX, this::upload);
    console.action(VERSION + "/activate", Permission.GAMES_DEPLOY, this::activate);
    console.action(VERSION + "/delete", Permission.GAMES_DEPLOY, this::delete);
    console.message("game-deployed", "The version was deployed, and new rooms start on it.");
    console.message("game-activated", "New rooms start on this version now.");
    console.message("game-deleted", "The version was deleted.");
  }

  private Future<ConsoleView> show(ConsoleRequest request) {
    var playable = bus.ask(new GameCommand.ListPlayable());
    var deployed = bus.ask(new GameCommand.ListAll());
    var running = bus.ask(new MatchQuery.CountRunning());
    return Future.all(playable, deployed, running)
        .map(_ -> show(request, playable.result(), deployed.result(), running.result()));
  }

  private static ConsoleView show(
      ConsoleRequest request,
      List<PlayableGame> playable,
      GameListing deployed,
      List<RunningVersion> running) {
    Map<String, Long> rooms = new HashMap<>();
    running.forEach(
        version -> rooms.put(version.gameKey() + ' ' + version.gameVersion(), version.rooms()));
    boolean deploys = request.may(Permission.GAMES_DEPLOY);
    var sections = new ArrayList<Section>();
    sections.add(
        Section.table(
                "playable",
                "Games",
                playable(playable, rooms),
                Pager.NONE,
                "No game can be played.")
            .withNote("What new rooms start on: games of the server, of extensions, and uploads."));
    sections.add(
        Section.table(
            "versions",
            "Uploaded versions",
            versions(deployed.versions(), rooms, deploys),
            Pager.NONE,
            "No version was uploaded. Upload one here, with the API, or put it into the folder of"
                + " games."));
    if (!deployed.problems().isEmpty()) {
      sections.add(
          Section.table(
              "problems", "Problems of the folder", problems(deployed.problems()), Pager.NONE, ""));
    }
    return new RecordPage(
            List.of(),
            List.of(),
            deploys ? List.of(new Link("Upload a version", UPLOAD)) : List.of(),
            List.of(),
            List.of(),
            sections)
        .render("Games");
  }

  private static Cell rooms(Map<String, Long> rooms, String game, String version) {
    long count = rooms.getOrDefault(game + ' ' + version, 0L);
    String query = "state:active game:" + game + " version:" + version;
    return count == 0
        ? Cell.number(0)
        : Cell.link(
            Long.toString(count),
            MatchListPages.PATH + "?q=" + URLEncoder.encode(query, StandardCharsets.UTF_8));
  }

  private static ListView playable(List<PlayableGame> games, Map<String, Long> rooms) {
    var columns =
        List.of(
            Column.of("Game", 1),
            Column.of("Active version", 1),
            Column.of("Running matches", 2),
            Column.of("Players", 2),
            Column.of("In the browser", 3));
    var rows = new ArrayList<Row>();
    for (PlayableGame game : games) {
      String key = game.info().gameKey();
      String version = game.info().deploymentVersion();
      rows.add(
          new Row(
              key,
              key,
              List.of(
                  Cell.text(key),
                  Cell.code(version),
                  rooms(rooms, key, version),
                  Cell.text(game.info().minPlayers() + " to " + game.info().maxPlayers()),
                  game.page() ? Cell.link("/play/" + key, "/play/" + key) : Cell.text(""))));
    }
    return new ListView("playable", "Games", columns, rows, false);
  }

  private static ListView versions(
      List<GameVersion> versions, Map<String, Long> rooms, boolean deploys) {
    var columns =
        List.of(
            Column.of("Game", 1),
            Column.of("Version", 1),
            Column.of("State", 1),
            Column.of("Running matches", 2),
            Column.of("Schema", 3),
            Column.of("Digest", 3),
            Column.of("Files", 3),
            Column.of("Uploaded", 2));
    var rows = new ArrayList<Row>();
    for (GameVersion version : versions) {
      String name = version.gameKey() + " " + version.version();
      String path = PATH + "/" + version.gameKey() + "/versions/" + version.version();
      rows.add(
          new Row(
              version.gameKey() + "-" + version.version(),
              name,
              List.of(
                  Cell.text(version.gameKey()),
                  Cell.code(version.version()),
                  version.active() ? Cell.badge("active", "good") : Cell.badge("earlier", ""),
                  rooms(rooms, version.gameKey(), version.version()),
                  Cell.text(version.schemaVersion()),
                  Cell.code(version.digest().substring(0, DIGEST_SHOWN)),
                  Cell.yes(version.filesDigest() != null),
                  Cell.time(version.createdMs())),
              deploys && !version.active()
                  ? List.of(
                      new Action("Activate", path + "/activate", 1),
                      new Action("Delete…", path + "/delete", 2))
                  : List.of()));
    }
    return new ListView("versions", "Uploaded versions", columns, rows, false);
  }

  private static ListView problems(List<GameProblem> problems) {
    var rows = new ArrayList<Row>();
    for (GameProblem problem : problems) {
      rows.add(
          new Row(
              problem.gameKey(),
              problem.gameKey(),
              List.of(Cell.text(problem.gameKey()), Cell.text(problem.message()))));
    }
    return new ListView(
        "problems",
        "Problems of the folder",
        List.of(Column.of("Game", 1), Column.of("Problem", 1)),
        rows,
        false);
  }

  private static FormView uploadForm() {
    return UploadForm.of(
        UPLOAD,
        List.of(
            FormView.Field.of(GAME, "Key of the game", "text", "").needed(),
            FormView.Field.of("version", "Version", "text", "").needed(),
            FormView.Field.of(SCHEMA, "Version of its data", "text", "1").needed(),
            UploadForm.file(SCRIPT, "Script").needed(),
            UploadForm.file(FILES, "Static files, a ZIP archive")),
        "the key of the game",
        "Upload and activate",
        PATH);
  }

  private static ConsoleView uploadPage(FormView form) {
    return RecordPage.of(
            List.of(new Link("Games", PATH)),
            List.of(
                Section.form("upload", "Upload a version", form)
                    .withNote(
                        "The script is run once to see that it is a game. If it is not, nothing"
                            + " changes. Rooms that exist keep their version.")))
        .render("Upload a game");
  }

  private static String require(ConsoleRequest request, String field) {
    String name = request.field(field).strip();
    if (!GameManifest.isName(name)) {
      throw Refused.invalid(
          field,
          "must be 1 to 64 characters of a to z, A to Z, 0 to 9, dots, hyphens and underscores,"
              + " and begin with one of a to z, A to Z or 0 to 9");
    }
    return name;
  }

  private Future<ConsoleView> upload(ConsoleRequest request) {
    return UploadForm.submit(
        request,
        uploadForm(),
        request.field(GAME).strip(),
        GamePages::uploadPage,
        () -> {
          String game = require(request, GAME);
          String version = require(request, "version");
          byte[] file = UploadForm.require(request, SCRIPT);
          @Nullable String script = file.length > SCRIPT_BYTES_MAX ? null : GameManifest.text(file);
          if (script == null) {
            throw Refused.invalid(SCRIPT, "is not a text in UTF-8 of at most 4 MiB");
          }
          return changes
              .make(
                  request,
                  new GameCommand.Deploy(
                      game, version, require(request, SCHEMA), script, request.file(FILES)),
                  "admin_deploy_game",
                  "games/" + game + "/versions/" + version,
                  Changes.values("bytes", file.length))
              .map(_ -> ConsoleView.done(PATH, "game-deployed"));
        });
  }

  private Future<ConsoleView> activate(ConsoleRequest request) {
    String game = request.path(GAME);
    String version = request.path("version");
    return Confirmation.level1(
            "Activate " + version + " of " + game + "?",
            "New rooms start on this version. Rooms that exist keep theirs.",
            "Activate " + version)
        .ask(
            request,
            PATH,
            ConsoleView.done(PATH, "game-activated"),
            () ->
                changes.make(
                    request,
                    new GameCommand.Activate(game, version),
                    "admin_activate_game",
                    "games/" + game + "/versions/" + version));
  }

  private Future<ConsoleView> delete(ConsoleRequest request) {
    String game = request.path(GAME);
    String version = request.path("version");
    return Confirmation.level2(
            "Delete " + version + " of " + game + "?",
            "Its script and files are gone. It is refused while there are rooms with it.",
            "Delete " + version,
            version)
        .ask(
            request,
            PATH,
            ConsoleView.done(PATH, "game-deleted"),
            () ->
                changes.make(
                    request,
                    new GameCommand.Remove(game, version),
                    "admin_remove_game",
                    "games/" + game + "/versions/" + version));
  }
}

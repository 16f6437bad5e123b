package dev.rookery.protocol.console;

import dev.rookery.bus.Bus;
import dev.rookery.console.Backup;
import dev.rookery.console.BackupCommand;
import dev.rookery.console.BackupCommand.BackupPage;
import dev.rookery.console.BackupCommand.Progress;
import dev.rookery.console.BackupFile;
import dev.rookery.console.MetricColumn.Unit;
import dev.rookery.console.Permission;
import dev.rookery.edge.FileDownload;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import dev.rookery.protocol.console.RecordPage.Section;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Backups of the database: make, download, delete. A restore is a command with the node stopped.
 */
final class BackupPages implements ConsoleSection {
  static final String PATH = "/admin/backups";

  private static final String LIVE = "backups";
  private static final String BACKUP = PATH + "/:backup";
  private static final String NODE = "node";

  private final Bus bus;
  private final Changes changes;
  private final LiveViews live;

  BackupPages(Bus bus, Changes changes, LiveViews live) {
    this.bus = bus;
    this.changes = changes;
    this.live = live;
  }

  @Override
  public void register(ConsoleRouter console) {
    console.menu(
        new MenuEntry(MenuEntry.Group.OPERATE, "Backups", PATH, null, Permission.BACKUPS_READ));
    console.page(PATH, Permission.BACKUPS_READ, this::list);
    console.action(PATH, Permission.BACKUPS_MAKE, this::backUp);
    console.action(BACKUP + "/download", Permission.BACKUPS_DOWNLOAD, this::download);
    console.action(BACKUP + "/delete", Permission.BACKUPS_MAKE, this::delete);
    console.message("backup-begun", "The backup is being made while the server goes on.");
    console.message("backup-deleted", "The backup was deleted.");
    live.add(LIVE, Permission.BACKUPS_READ, Duration.ofSeconds(1), _ -> this::message);
  }

  private Future<JsonObject> message() {
    return bus.ask(new BackupCommand.ListBackups())
        .map(page -> JsonObject.of("parts", JsonObject.of("record", version(page))));
  }

  private static String version(BackupPage page) {
    return Integer.toHexString(31 * page.backups().hashCode() + page.written().hashCode());
  }

  private Future<ConsoleView> list(ConsoleRequest request) {
    return bus.ask(new BackupCommand.ListBackups()).map(page -> list(request, page));
  }

  private static ConsoleView list(ConsoleRequest request, BackupPage page) {
    var sections = new ArrayList<Section>();
    if (request.may(Permission.BACKUPS_MAKE)) {
      sections.add(make(page));
    }
    String silent =
        page.silent().isEmpty() ? "" : " No answer from " + String.join(", ", page.silent()) + ".";
    sections.add(
        Section.table(
                "backups", "Backups", table(request, page), Pager.NONE, "No backup was made yet.")
            .withNote(
                "Files are in the folder of the node that made them. They are downloaded through"
                    + " this node, "
                    + page.here()
                    + ", while that node runs. A restore is scripts/restore with all nodes"
                    + " stopped."
                    + silent));
    return new RecordPage(
            List.of(),
            List.of(),
            List.of(new Link("How to restore", "/docs/deployment#restore")),
            List.of(),
            List.of(),
            sections)
        .renderLive("Backups", LIVE, version(page));
  }

  private static Section make(BackupPage page) {
    if (page.able().isEmpty()) {
      return Section.text(
          "make",
          "Back up now",
          """
          No node can make one: pg_dump and pg_restore are not on its PATH. Install the client of
          PostgreSQL beside the node, or run where it is installed:

          pg_dump --format=custom --no-owner --file=backup.dump "$DATABASE_URL"\
          """);
    }
    return Section.form(
            "make",
            "Back up now",
            new FormView(
                PATH,
                "",
                List.of(
                    FormView.Field.select(
                        NODE,
                        "On node",
                        page.able().contains(page.here()) ? page.here() : page.able().getFirst(),
                        page.able())),
                "Back up now",
                0,
                "",
                List.of()))
        .withNote(
            page.kind().equals("sqlite")
                ? "SQLite writes the copy itself while the server goes on; then it is checked."
                : "pg_dump writes the copy while the server goes on; then pg_restore reads it"
                    + " all.");
  }

  private static ListView table(ConsoleRequest request, BackupPage page) {
    var rows = new ArrayList<Row>();
    for (Backup backup : page.backups()) {
      rows.add(
          new Row(
              Long.toString(backup.id()),
              "Backup " + backup.id(),
              List.of(
                  Cell.time(backup.createdMs()),
                  state(backup, page.written().get(backup.node())),
                  Cell.text(backup.bytes() == 0 ? "" : Figures.text(Unit.BYTES, backup.bytes())),
                  Cell.time(backup.verifiedMs()),
                  Cell.text(backup.node()),
                  backup.admin() == null
                      ? Cell.text("schedule")
                      : Cell.player(null, backup.admin().value()),
                  Cell.text(String.join(", ", backup.files()))),
              actions(request, backup)));
    }
    return new ListView(
        "backups",
        "Backups",
        List.of(
            Column.of("Made", 1),
            Column.of("State", 1),
            Column.of("Size", 1),
            Column.of("Checked", 2),
            Column.of("Node", 2),
            Column.of("By", 2),
            Column.of("Files", 4)),
        rows,
        false);
  }

  private static Cell state(Backup backup, @Nullable Progress progress) {
    return switch (backup.state()) {
      case DUE -> Cell.badge("begins", "warn");
      case RUNNING ->
          Cell.badge(
              progress == null || progress.expected() == 0
                  ? "running"
                  : "running, " + Math.min(99, 100 * progress.bytes() / progress.expected()) + " %",
              "warn");
      case DONE -> Cell.badge("done", "good");
      case FAILED -> Cell.text("failed: " + backup.problem());
    };
  }

  private static List<Action> actions(ConsoleRequest request, Backup backup) {
    var actions = new ArrayList<Action>();
    String path = PATH + "/" + backup.id();
    if (request.may(Permission.BACKUPS_DOWNLOAD)) {
      for (String file : backup.files()) {
        String label = backup.files().size() == 1 ? "Download…" : "Download " + file + "…";
        actions.add(
            new Action(
                label,
                path + "/download?file=" + URLEncoder.encode(file, StandardCharsets.UTF_8),
                2));
      }
    }
    boolean ended = backup.state() == Backup.State.DONE || backup.state() == Backup.State.FAILED;
    if (ended && request.may(Permission.BACKUPS_MAKE)) {
      actions.add(new Action("Delete…", path + "/delete", 2));
    }
    return actions;
  }

  private Future<ConsoleView> backUp(ConsoleRequest request) {
    String node = request.field(NODE);
    return changes
        .make(
            request,
            new BackupCommand.BackUp(node),
            "admin_create_backup",
            "backups",
            Map.of(NODE, node))
        .map(_ -> ConsoleView.done(PATH, "backup-begun"));
  }

  private Future<ConsoleView> download(ConsoleRequest request) {
    long id = request.id("backup");
    String file = request.query("file");
    return Confirmation.level2(
            "Download backup " + id + "?",
            "It has the data of all players, and opens accounts. Type the number of the backup.",
            "Download",
            Long.toString(id))
        .ask(
            request,
            PATH,
            () ->
                changes
                    .make(
                        request,
                        new BackupCommand.FindFile(id, file.isEmpty() ? null : file),
                        "admin_download_backup",
                        "backups/" + id,
                        Map.of("file", file))
                    .map(found -> new ConsoleView.Forward(() -> send(request.context(), found))));
  }

  private static void send(RoutingContext context, BackupFile found) {
    switch (found) {
      case BackupFile.Here(var path) -> FileDownload.send(context, path);
      case BackupFile.OnOtherNode(var name, var bytes, var parts) ->
          FileDownload.send(context, name, bytes, parts);
    }
  }

  private Future<ConsoleView> delete(ConsoleRequest request) {
    long id = request.id("backup");
    return Confirmation.level2(
            "Delete backup " + id + "?",
            "Its files are removed; those of a node that is away, when it is back. Type the number"
                + " of the backup.",
            "Delete the backup",
            Long.toString(id))
        .ask(
            request,
            PATH,
            ConsoleView.done(PATH, "backup-deleted"),
            () ->
                changes.make(
                    request, new BackupCommand.Delete(id), "admin_delete_backup", "backups/" + id));
  }
}

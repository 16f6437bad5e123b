package dev.rookery.protocol.console;

import dev.rookery.base.PlayerId;
import dev.rookery.bus.Bus;
import dev.rookery.console.NoteCommand;
import dev.rookery.console.Permission;
import dev.rookery.console.PlayerNote;
import dev.rookery.player.Player;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import dev.rookery.protocol.console.RecordPage.Section;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/** The notes of admins about a player: a tab of the page of the player. */
final class NotePages {
  private static final String PLAYER = PlayerListPages.PATH + "/:id";
  private static final String NOTES = "/notes";
  private static final String CONTENT = "content";
  private static final int SHOWN = 50;
  private static final List<FormView.Field> FIELDS =
      List.of(
          FormView.Field.of(CONTENT, "Note", "textarea", "")
              .hinted("Admins with players.notes see it; the player gets it with their data."));

  private final Bus bus;
  private final Changes changes;

  NotePages(Bus bus, Changes changes) {
    this.bus = bus;
    this.changes = changes;
  }

  PlayerTab tab() {
    return new PlayerTab("notes", "Notes", Permission.PLAYERS_NOTES, this::sections);
  }

  void register(ConsoleRouter console) {
    console.action(PLAYER + NOTES, Permission.PLAYERS_NOTES, this::add);
    console.action(PLAYER + NOTES + "/:note/delete", Permission.PLAYERS_NOTES, this::delete);
    console.message("note-added", "The note was added.");
    console.message("note-deleted", "The note was deleted.");
  }

  private static String path(PlayerId player) {
    return PlayerListPages.PATH + "/" + player.value() + NOTES;
  }

  private Future<List<Section>> sections(ConsoleRequest request, Player player) {
    Long before = SearchQuery.parse(request.query("after"));
    String path = path(player.id());
    return bus.ask(new NoteCommand.ListNotes(player.id(), before, SHOWN + 1))
        .map(
            notes ->
                List.of(
                    Section.form(
                        "note",
                        "Add a note",
                        new FormView(path, "", FIELDS, "Add the note", 0, "", List.of())),
                    Section.table(
                        "notes",
                        "Notes",
                        table(path, notes),
                        pager(path, notes, before != null),
                        "Nobody has written anything about this player.")));
  }

  private static ListView table(String path, List<PlayerNote> notes) {
    var rows = new ArrayList<Row>();
    for (PlayerNote note : notes.subList(0, Math.min(SHOWN, notes.size()))) {
      rows.add(
          new Row(
              Long.toString(note.id()),
              "note " + note.id(),
              List.of(
                  Cell.text(note.text()),
                  Cell.player(null, note.author().value()),
                  Cell.time(note.createdMs())),
              List.of(new Action("Delete", path + "/" + note.id() + "/delete", 1))));
    }
    var columns = List.of(Column.of("Note", 1), Column.of("Author", 2), Column.of("Written", 2));
    return new ListView("notes", "Notes", columns, rows, false);
  }

  private static Pager pager(String path, List<PlayerNote> notes, boolean further) {
    String next = notes.size() > SHOWN ? path + "?after=" + notes.get(SHOWN - 1).id() : "";
    return new Pager("", "", further ? path : "", "", next);
  }

  private Future<ConsoleView> add(ConsoleRequest request) {
    var player = new PlayerId(request.id("id"));
    return changes
        .make(
            request,
            new NoteCommand.Add(
                player, request.admin().player(), request.field(CONTENT).strip(), null),
            "admin_add_user_note",
            "users/" + player.value())
        .map(_ -> ConsoleView.done(path(player), "note-added"));
  }

  private Future<ConsoleView> delete(ConsoleRequest request) {
    var player = new PlayerId(request.id("id"));
    long note = request.id("note");
    return Confirmation.level1("Delete the note?", "It is gone for all admins.", "Delete the note")
        .ask(
            request,
            path(player),
            ConsoleView.done(path(player), "note-deleted"),
            () ->
                changes.make(
                    request,
                    new NoteCommand.Delete(player, note),
                    "admin_delete_user_note",
                    "users/" + player.value(),
                    Changes.values("note", note)));
  }
}

package dev.rookery.protocol.console;

import dev.rookery.base.BoardId;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.base.RecordId;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.console.ListInput;
import dev.rookery.console.ListSelection;
import dev.rookery.console.Permission;
import dev.rookery.leaderboard.BoardRecord;
import dev.rookery.leaderboard.BoardRef;
import dev.rookery.leaderboard.LeaderboardCommand;
import dev.rookery.leaderboard.LeaderboardQuery;
import dev.rookery.leaderboard.RankedRecord;
import dev.rookery.leaderboard.RecordOwner;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import dev.rookery.protocol.console.RecordPage.Section;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The records of a leaderboard, which its page shows: export, submit a score, delete a record. */
final class LeaderboardRecordPages implements ConsoleSection {
  private static final String RECORDS = LeaderboardListPages.PATH + "/:id/records";
  private static final String USER = "user_id";
  private static final String LABEL = "label";
  private static final String SCORE = "score";
  private static final String METADATA = "metadata";
  private static final int SHOWN_MAX = 50;
  private static final int PART = 100;
  private static final List<String> COLUMNS =
      List.of("rank", "id", USER, LABEL, SCORE, METADATA, "updated_at");

  private final Bus bus;
  private final Changes changes;
  private final ListTools lists;

  LeaderboardRecordPages(Bus bus, Changes changes, ListTools lists) {
    this.bus = bus;
    this.changes = changes;
    this.lists = lists;
  }

  @Override
  public void register(ConsoleRouter console) {
    lists.register(console, RECORDS, this::select);
    console.action(RECORDS, Permission.LEADERBOARDS_RECORDS, this::submit);
    console.action(RECORDS + "/:record/delete", Permission.LEADERBOARDS_RECORDS, this::delete);
    console.message("score-submitted", "The score was submitted.");
    console.message("record-deleted", "The record was deleted.");
  }

  private static BoardRef ref(ListInput request) {
    return BoardRef.of(new BoardId(request.id("id")));
  }

  private static String path(BoardRef board) {
    return LeaderboardListPages.PATH + "/" + board.text();
  }

  /** The records of a page of a leaderboard, and a form to submit one. */
  Future<List<Section>> sections(ConsoleRequest request) {
    BoardRef board = ref(request);
    String path = path(board);
    boolean edits = request.may(Permission.LEADERBOARDS_RECORDS);
    return bus.ask(
            new LeaderboardQuery.Top(
                board, new Page.Request(ListRequest.number(request), SHOWN_MAX)))
        .map(
            found -> {
              Section records =
                  Section.table(
                      "records",
                      "Records",
                      table(found.items(), edits ? path + "/records/" : ""),
                      Pager.numbered(path, found),
                      "No records yet.");
              return edits
                  ? List.of(records, Section.form("submit", "Submit a score", submitForm(path)))
                  : List.of(records);
            });
  }

  private ListSelection<RankedRecord> select(ListInput request) {
    BoardRef board = ref(request);
    return new ListSelection<>(
        "leaderboard_records",
        Permission.LEADERBOARDS_READ,
        "board:" + board.text(),
        ListRequest.of(request, List.of(), false, List.of()).search().problems(),
        new ListSelection.Rows<>(
            new NumberedPages<>(PART, page -> bus.ask(new LeaderboardQuery.Top(board, page))),
            ranked -> ranked.record().id().value(),
            COLUMNS,
            LeaderboardRecordPages::exported));
  }

  private static Map<String, Object> exported(RankedRecord ranked) {
    BoardRecord stored = ranked.record();
    PlayerId player = stored.player();
    return Exports.row(
        "rank",
        ranked.rank(),
        "id",
        stored.id().value(),
        USER,
        player == null ? null : player.value(),
        LABEL,
        stored.label(),
        SCORE,
        stored.score(),
        METADATA,
        new JsonObject(stored.metadata()).encode(),
        "updated_at",
        Exports.time(stored.updatedMs()));
  }

  private static FormView submitForm(String path) {
    return new FormView(
        path + "/records",
        "",
        List.of(
            FormView.Field.of(USER, "Id of the player", "number", ""),
            FormView.Field.of(LABEL, "Or a label", "text", "")
                .hinted("For a record of no player, such as the name of a team."),
            FormView.Field.of(SCORE, "Score", "number", "").needed()),
        "Submit the score",
        0,
        "",
        List.of());
  }

  private static ListView table(List<RankedRecord> records, String edit) {
    var rows = new ArrayList<Row>();
    for (RankedRecord ranked : records) {
      BoardRecord record = ranked.record();
      String id = Long.toString(record.id().value());
      PlayerId player = record.player();
      rows.add(
          new Row(
              id,
              ranked.name().isBlank() ? "record " + id : ranked.name(),
              List.of(
                  Cell.number(ranked.rank()),
                  player == null
                      ? Cell.text(ranked.name())
                      : Cell.player(ranked.name(), player.value()),
                  Cell.number(record.score()),
                  Cell.number(record.submissions()),
                  Cell.time(record.updatedMs())),
              edit.isEmpty()
                  ? List.of()
                  : List.of(new Action("Delete", edit + id + "/delete", 1))));
    }
    var columns =
        List.of(
            Column.of("Rank", 1),
            Column.of("Player", 1),
            Column.of("Score", 1),
            Column.of("Submissions", 4),
            Column.of("Updated", 3));
    return new ListView("records", "Records", columns, rows, false);
  }

  private Future<ConsoleView> submit(ConsoleRequest request) {
    BoardRef board = ref(request);
    String path = path(board);
    Long player = SearchQuery.parse(request.field(USER).strip());
    Long score = SearchQuery.parse(request.field(SCORE).strip());
    String label = request.field(LABEL);
    if (score == null) {
      throw Refused.invalid(SCORE, "is not a number");
    }
    if (player == null && label.isBlank()) {
      throw Refused.invalid(USER, "or a label is needed");
    }
    RecordOwner owner =
        player == null
            ? new RecordOwner.OfLabel(label)
            : new RecordOwner.OfPlayer(new PlayerId(player));
    return changes
        .make(
            request,
            new LeaderboardCommand.Submit(
                board, owner, score, 0, null, request.admin().player(), null),
            "admin_submit_leaderboard_score",
            "leaderboards/" + board.text(),
            Changes.values(USER, player, LABEL, player == null ? label : null, SCORE, score))
        .map(_ -> ConsoleView.done(path, "score-submitted"));
  }

  private Future<ConsoleView> delete(ConsoleRequest request) {
    String path = path(ref(request));
    long record = request.id("record");
    return Confirmation.level1(
            "Delete record " + record + "?",
            "The player is no longer on the leaderboard.",
            "Delete the record")
        .ask(
            request,
            path,
            () ->
                changes
                    .make(
                        request,
                        new LeaderboardCommand.DeleteRecord(new RecordId(record)),
                        "admin_delete_leaderboard_record",
                        "records/" + record,
                        Map.of())
                    .map(_ -> ConsoleView.done(path, "record-deleted")));
  }
}

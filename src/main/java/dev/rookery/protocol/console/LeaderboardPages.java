package dev.rookery.protocol.console;

import dev.rookery.base.BoardId;
import dev.rookery.base.Page;
import dev.rookery.base.PlayerId;
import dev.rookery.base.RecordId;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.console.Permission;
import dev.rookery.leaderboard.Board;
import dev.rookery.leaderboard.BoardRecord;
import dev.rookery.leaderboard.BoardRef;
import dev.rookery.leaderboard.BoardSeasons;
import dev.rookery.leaderboard.LeaderboardCommand;
import dev.rookery.leaderboard.LeaderboardQuery;
import dev.rookery.leaderboard.RankedRecord;
import dev.rookery.leaderboard.RecordOwner;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import dev.rookery.protocol.console.RecordPage.Fact;
import dev.rookery.protocol.console.RecordPage.Section;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Leaderboards: list, seasons, records, create, edit, end, delete. */
final class LeaderboardPages implements ConsoleSection {
  private static final String PATH = "/admin/leaderboards";
  private static final String BOARD = PATH + "/:id";
  private static final String SLUG = "slug";
  private static final String TITLE = "title";
  private static final String DESCRIPTION = "description";
  private static final String ORDER = "sort_order";
  private static final String OPERATOR = "operator";
  private static final String STARTS = "starts_at";
  private static final String ENDS = "ends_at";
  private static final String RESET = "reset";
  private static final String METADATA = "metadata";
  private static final String SCORE = "score";
  private static final String USER = "user_id";
  private static final String LABEL = "label";
  private static final int RECORDS_SHOWN_MAX = 50;
  private static final List<SearchQuery.Key> KEYS =
      List.of(SearchQuery.Key.oneOf("is", "active, or -is:active for ended ones", "active"));
  private static final int PART = 100;
  private static final List<String> COLUMNS =
      List.of(
          "id",
          "slug",
          TITLE,
          DESCRIPTION,
          "sort_order",
          "operator",
          STARTS,
          ENDS,
          METADATA,
          "created_at",
          "updated_at");
  private static final List<String> RECORD_COLUMNS =
      List.of("rank", "id", "user_id", "label", "score", METADATA, "updated_at");

  private final Bus bus;
  private final Changes changes;
  private final ListTools lists;
  private final InstantSource clock;

  LeaderboardPages(Bus bus, Changes changes, ListTools lists, InstantSource clock) {
    this.bus = bus;
    this.changes = changes;
    this.lists = lists;
    this.clock = clock;
  }

  @Override
  public void register(ConsoleRouter console) {
    console.menu(
        new MenuEntry(
            MenuEntry.Group.CONTENT, "Leaderboards", PATH, "b", Permission.LEADERBOARDS_READ));
    console.page(PATH, Permission.LEADERBOARDS_READ, this::list);
    lists.exports().register(console, PATH, this::select);
    lists.exports().register(console, BOARD + "/records", this::selectRecords);
    console.page(PATH + "/new", Permission.LEADERBOARDS_EDIT, this::createForm);
    console.action(PATH + "/new", Permission.LEADERBOARDS_EDIT, this::create);
    console.action(PATH + "/delete", Permission.LEADERBOARDS_EDIT, this::deleteSelected);
    console.page(BOARD, Permission.LEADERBOARDS_READ, this::show);
    console.page(BOARD + "/edit", Permission.LEADERBOARDS_EDIT, this::edit);
    console.action(BOARD + "/edit", Permission.LEADERBOARDS_EDIT, this::save);
    console.action(BOARD + "/end", Permission.LEADERBOARDS_EDIT, this::end);
    console.action(BOARD + "/delete", Permission.LEADERBOARDS_EDIT, this::delete);
    console.action(BOARD + "/records", Permission.LEADERBOARDS_RECORDS, this::submit);
    console.action(
        BOARD + "/records/:record/delete", Permission.LEADERBOARDS_RECORDS, this::deleteRecord);
    console.message("board-saved", "The leaderboard was saved.");
    console.message("board-created", "The leaderboard was created.");
    console.message("board-ended", "The season was ended.");
    console.message("board-deleted", "The leaderboard was deleted.");
    console.message("boards-deleted", "The selected leaderboards were deleted.");
    console.message("score-submitted", "The score was submitted.");
    console.message("record-deleted", "The record was deleted.");
  }

  private Future<ConsoleView> list(ConsoleRequest request) {
    ListRequest list = listRequest(request);
    if (!list.search().isValid()) {
      return Future.succeededFuture(page(request, list, List.of(), 0));
    }
    return boards(list, list.page())
        .map(found -> page(request, list, found.items(), found.total()));
  }

  private static ListRequest listRequest(ConsoleRequest request) {
    return ListRequest.of(request, KEYS, true, List.of("ends"));
  }

  private Future<Page<Board>> boards(ListRequest list, Page.Request page) {
    SearchQuery search = list.search();
    var filter =
        new LeaderboardQuery.Filter(
            search.words(), search.flag("is", "active"), null, null, null, null);
    var order =
        list.sort().isEmpty()
            ? LeaderboardQuery.ListOrder.INSERTED_AT
            : LeaderboardQuery.ListOrder.ENDS_AT;
    return bus.ask(new LeaderboardQuery.ListBoards(filter, order, page));
  }

  private ListSelection<Board> select(ConsoleRequest request) {
    ListRequest list = listRequest(request);
    return new ListSelection<>(
        list,
        "leaderboards",
        Permission.LEADERBOARDS_READ,
        list.search().masked(KEYS),
        new ListSelection.Rows<>(
            new NumberedPages<>(PART, page -> boards(list, page)),
            board -> board.id().value(),
            COLUMNS,
            LeaderboardPages::exported));
  }

  private static Map<String, Object> exported(Board board) {
    return Exports.row(
        "id",
        board.id().value(),
        "slug",
        board.slug(),
        TITLE,
        board.title(),
        DESCRIPTION,
        board.description(),
        "sort_order",
        lower(board.sortOrder()),
        "operator",
        lower(board.operator()),
        STARTS,
        Exports.time(board.startsMs()),
        ENDS,
        Exports.time(board.endsMs()),
        METADATA,
        new JsonObject(board.metadata()).encode(),
        "created_at",
        Exports.time(board.createdMs()),
        "updated_at",
        Exports.time(board.updatedMs()));
  }

  private ListSelection<RankedRecord> selectRecords(ConsoleRequest request) {
    BoardRef board = ref(request);
    return new ListSelection<>(
        ListRequest.of(request, List.of(), false, List.of()),
        "leaderboard_records",
        Permission.LEADERBOARDS_READ,
        "board:" + board.text(),
        new ListSelection.Rows<>(
            new NumberedPages<>(PART, page -> bus.ask(new LeaderboardQuery.Top(board, page))),
            ranked -> ranked.record().id().value(),
            RECORD_COLUMNS,
            LeaderboardPages::exported));
  }

  private static Map<String, Object> exported(RankedRecord ranked) {
    BoardRecord stored = ranked.record();
    PlayerId player = stored.player();
    return Exports.row(
        "rank",
        ranked.rank(),
        "id",
        stored.id().value(),
        "user_id",
        player == null ? null : player.value(),
        "label",
        stored.label(),
        "score",
        stored.score(),
        METADATA,
        new JsonObject(stored.metadata()).encode(),
        "updated_at",
        Exports.time(stored.updatedMs()));
  }

  private ConsoleView page(
      ConsoleRequest request, ListRequest list, List<Board> found, long total) {
    boolean edits = request.may(Permission.LEADERBOARDS_EDIT);
    var columns =
        List.of(
            Column.of("Leaderboard", 1),
            Column.of("State", 1),
            Column.of("Slug", 2),
            Column.of("Order", 3),
            Column.of("Operator", 3),
            Column.of("Starts", 4),
            Column.of("Ends", 2));
    var rows = new ArrayList<Row>();
    for (Board board : found) {
      String id = Long.toString(board.id().value());
      rows.add(
          new Row(
              id,
              board.title(),
              List.of(
                  Cell.link(board.title(), PATH + "/" + id),
                  state(board),
                  Cell.code(board.slug()),
                  Cell.text(lower(board.sortOrder())),
                  Cell.text(lower(board.operator())),
                  Cell.time(board.startsMs()),
                  Cell.time(board.endsMs()))));
    }
    return new ListPage(
            ListPage.Search.of(list, KEYS, "A whole slug"),
            new ListView("list", "Leaderboards", columns, rows, edits),
            list.pager(total),
            "No leaderboards",
            "Create one here, or with POST /api/v1/admin/leaderboards.",
            edits ? List.of(new Action("Delete…", PATH + "/delete", 2)) : List.of(),
            edits ? List.of(new Link("New leaderboard", PATH + "/new")) : List.of(),
            lists.exports().links(request, list, PATH))
        .render("Leaderboards");
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private Cell state(Board board) {
    long now = clock.millis();
    if (!board.isActive(now)) {
      return Cell.badge("ended", "");
    }
    return board.isCurrent(now) ? Cell.badge("running", "good") : Cell.badge("not begun", "warn");
  }

  private static BoardRef ref(ConsoleRequest request) {
    return BoardRef.of(new BoardId(request.id("id")));
  }

  private static String path(BoardId board) {
    return PATH + "/" + board.value();
  }

  private Future<ConsoleView> show(ConsoleRequest request) {
    Long page = SearchQuery.parse(request.query("page"));
    int number = page == null ? 1 : Math.clamp(page, 1, 1_000_000);
    var board = bus.ask(new LeaderboardQuery.Find(ref(request)));
    var records =
        bus.ask(
            new LeaderboardQuery.Top(ref(request), new Page.Request(number, RECORDS_SHOWN_MAX)));
    return Future.all(board, records).map(_ -> show(request, board.result(), records.result()));
  }

  private ConsoleView show(
      ConsoleRequest request, BoardSeasons seasons, Page<RankedRecord> records) {
    Board board = seasons.board();
    String path = path(board.id());
    BoardId previous = seasons.previous();
    BoardId next = seasons.next();
    var facts =
        List.of(
            Fact.of("Id", Cell.code(Long.toString(board.id().value()))),
            Fact.of("Slug", Cell.code(board.slug())),
            Fact.of("Description", Cell.text(board.description())),
            Fact.of("Order", Cell.text(lower(board.sortOrder()))),
            Fact.of("Operator", Cell.text(lower(board.operator()))),
            Fact.of("Starts", Cell.time(board.startsMs())),
            Fact.of("Ends", Cell.time(board.endsMs())),
            Fact.of("Reset rule", Cell.text(board.reset())),
            Fact.of(
                "Seasons",
                previous == null ? Cell.text("") : Cell.link("previous", path(previous)),
                next == null ? Cell.text("") : Cell.link("next", path(next))),
            Fact.of("Created", Cell.time(board.createdMs())),
            Fact.of("Updated", Cell.time(board.updatedMs())));
    boolean edits = request.may(Permission.LEADERBOARDS_RECORDS);
    int number = records.number();
    boolean more = (long) number * records.size() < records.total();
    var pager =
        new Pager(
            Pager.exactly(records.total()),
            "",
            "",
            number > 1 ? path + "?page=" + (number - 1) : "",
            more ? path + "?page=" + (number + 1) : "");
    var sections = new ArrayList<Section>();
    sections.add(Section.facts("board", "Leaderboard", facts));
    sections.add(
        Section.text(
            "metadata",
            "Metadata",
            board.metadata().isEmpty() ? "" : new JsonObject(board.metadata()).encodePrettily()));
    sections.add(
        Section.table(
            "records",
            "Records",
            records(records.items(), edits ? path + "/records/" : ""),
            pager,
            "No records yet."));
    if (edits) {
      sections.add(Section.form("submit", "Submit a score", submitForm(path)));
    }
    return record(request, board, sections);
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

  private static ListView records(List<RankedRecord> records, String edit) {
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

  private ConsoleView record(ConsoleRequest request, Board board, List<Section> sections) {
    boolean edits = request.may(Permission.LEADERBOARDS_EDIT);
    String path = path(board.id());
    var links = new ArrayList<Link>();
    if (edits) {
      links.add(new Link("Edit", path + "/edit"));
      links.add(new Link("New season", PATH + "/new?from=" + board.id().value()));
    }
    if (request.may(Permission.PLAYERS_EXPORT)) {
      links.add(new Link("Records as CSV", path + "/records/export?format=csv"));
      links.add(new Link("Records as NDJSON", path + "/records/export?format=ndjson"));
    }
    return new RecordPage(
            List.of(new Link("Leaderboards", PATH)),
            List.of(state(board)),
            ExplorerPages.withApi(
                request, List.copyOf(links), "admin_get_leaderboard", board.id().value()),
            edits
                ? List.of(
                    new Action("End the season", path + "/end", 1),
                    new Action("Delete…", path + "/delete", 2))
                : List.of(),
            List.of(),
            sections)
        .render(board.title());
  }

  private static String time(@Nullable Long ms) {
    return ms == null ? "" : Instant.ofEpochMilli(ms).toString();
  }

  private static List<FormView.Field> fields(Board board) {
    String description = board.description();
    return List.of(
        FormView.Field.of(TITLE, "Title", "text", board.title()).needed(),
        FormView.Field.of(
            DESCRIPTION, "Description", "textarea", description == null ? "" : description),
        FormView.Field.of(STARTS, "Starts", "text", time(board.startsMs()))
            .hinted("A time in UTC such as 2026-01-31T18:00:00Z; empty for at once."),
        FormView.Field.of(ENDS, "Ends", "text", time(board.endsMs()))
            .hinted("A time in UTC; empty for never."),
        FormView.Field.of(
            METADATA,
            "Metadata",
            "json",
            board.metadata().isEmpty() ? "" : new JsonObject(board.metadata()).encodePrettily()));
  }

  private static @Nullable Long time(EditForm typed, String field) {
    String text = typed.value(field).strip();
    if (text.isEmpty()) {
      return null;
    }
    try {
      return Instant.parse(text.length() == 16 ? text + ":00Z" : text).toEpochMilli();
    } catch (DateTimeException _) {
      throw Refused.invalid(field, "is not a time such as 2026-01-31T18:00:00Z");
    }
  }

  /** A board has no revision; the time of its last change tells the same to an editor. */
  private static FormView form(Board board) {
    String path = path(board.id());
    return new FormView(
        path + "/edit",
        Long.toString(board.updatedMs()),
        fields(board),
        "Save",
        0,
        path,
        List.of());
  }

  private ConsoleView editPage(ConsoleRequest request, Board board, FormView form) {
    return record(request, board, List.of(Section.form("edit", "Edit", form)));
  }

  private Future<ConsoleView> edit(ConsoleRequest request) {
    return bus.ask(new LeaderboardQuery.FindStored(ref(request)))
        .map(board -> editPage(request, board, form(board)));
  }

  private Future<ConsoleView> save(ConsoleRequest request) {
    return bus.ask(new LeaderboardQuery.FindStored(ref(request)))
        .compose(
            board ->
                new EditForm(request, Long.toString(board.updatedMs()), fields(board))
                    .submit(
                        form(board),
                        again -> editPage(request, board, again),
                        typed -> save(request, board.id(), typed),
                        () -> save(request)));
  }

  private Future<ConsoleView> save(ConsoleRequest request, BoardId board, EditForm typed) {
    Set<LeaderboardCommand.Clearable> cleared = EnumSet.noneOf(LeaderboardCommand.Clearable.class);
    clear(typed, DESCRIPTION, LeaderboardCommand.Clearable.DESCRIPTION, cleared);
    clear(typed, STARTS, LeaderboardCommand.Clearable.STARTS_AT, cleared);
    clear(typed, ENDS, LeaderboardCommand.Clearable.ENDS_AT, cleared);
    @Nullable String description = typed.changed(DESCRIPTION);
    var update =
        new LeaderboardCommand.Update(
            BoardRef.of(board),
            typed.changed(TITLE),
            description == null || description.isBlank() ? null : description,
            typed.changed(STARTS) == null ? null : time(typed, STARTS),
            typed.changed(ENDS) == null ? null : time(typed, ENDS),
            typed.changed(METADATA) == null ? null : typed.object(METADATA),
            cleared,
            typed.expected());
    return changes
        .make(
            request,
            update,
            "admin_update_leaderboard",
            "leaderboards/" + board.value(),
            Changes.values(
                TITLE, update.title(),
                DESCRIPTION, update.description(),
                STARTS, update.startsMs(),
                ENDS, update.endsMs(),
                METADATA, update.metadata()))
        .map(_ -> ConsoleView.done(path(board), "board-saved"));
  }

  private static void clear(
      EditForm typed,
      String field,
      LeaderboardCommand.Clearable property,
      Set<LeaderboardCommand.Clearable> cleared) {
    String changed = typed.changed(field);
    if (changed != null && changed.isBlank()) {
      cleared.add(property);
    }
  }

  private static List<FormView.Field> newFields(@Nullable Board from) {
    return List.of(
        FormView.Field.of(SLUG, "Slug", "text", from == null ? "" : from.slug())
            .needed()
            .hinted("Lower-case letters, digits and _. A slug that exists gets a new season."),
        FormView.Field.of(TITLE, "Title", "text", from == null ? "" : from.title()).needed(),
        FormView.Field.of(DESCRIPTION, "Description", "textarea", ""),
        FormView.Field.select(
            ORDER,
            "Better scores are",
            from == null ? "desc" : lower(from.sortOrder()),
            Arrays.stream(Board.SortOrder.values()).map(LeaderboardPages::lower).toList()),
        FormView.Field.select(
            OPERATOR,
            "Operator",
            from == null ? "best" : lower(from.operator()),
            Arrays.stream(Board.Operator.values()).map(LeaderboardPages::lower).toList()),
        FormView.Field.of(STARTS, "Starts", "text", "")
            .hinted("A time in UTC such as 2026-01-31T18:00:00Z; empty for at once."),
        FormView.Field.of(ENDS, "Ends", "text", "").hinted("A time in UTC; empty for never."),
        FormView.Field.of(RESET, "Reset rule", "text", "")
            .hinted("A cron expression in UTC, for seasons that follow by themselves."),
        FormView.Field.of(METADATA, "Metadata", "json", ""));
  }

  private static FormView newForm(@Nullable Board from) {
    return new FormView(
        PATH + "/new", "", newFields(from), "Create the leaderboard", 0, PATH, List.of());
  }

  private static ConsoleView createPage(FormView form) {
    return new RecordPage(
            List.of(new Link("Leaderboards", PATH)),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(Section.form("new", "New leaderboard", form)))
        .render("New leaderboard");
  }

  private Future<ConsoleView> createForm(ConsoleRequest request) {
    Long from = SearchQuery.parse(request.query("from"));
    return from == null
        ? Future.succeededFuture(createPage(newForm(null)))
        : bus.ask(new LeaderboardQuery.Find(BoardRef.of(new BoardId(from))))
            .map(found -> createPage(newForm(found.board())));
  }

  private Future<ConsoleView> create(ConsoleRequest request) {
    return new EditForm(request, "", newFields(null))
        .submit(
            newForm(null),
            LeaderboardPages::createPage,
            typed -> {
              String description = typed.value(DESCRIPTION);
              String reset = typed.value(RESET).strip();
              var create =
                  new LeaderboardCommand.Create(
                      typed.value(SLUG),
                      typed.value(TITLE),
                      description.isBlank() ? null : description,
                      choice(typed, ORDER, Board.SortOrder.class),
                      choice(typed, OPERATOR, Board.Operator.class),
                      time(typed, STARTS),
                      time(typed, ENDS),
                      typed.object(METADATA),
                      reset.isEmpty() ? null : reset);
              return changes
                  .make(
                      request,
                      create,
                      "admin_create_leaderboard",
                      "leaderboards/" + create.slug(),
                      Changes.values(
                          SLUG, create.slug(),
                          TITLE, create.title(),
                          ORDER, lower(create.sortOrder()),
                          OPERATOR, lower(create.operator()),
                          RESET, create.reset()))
                  .map(board -> ConsoleView.done(path(board.id()), "board-created"));
            });
  }

  private static <E extends Enum<E>> E choice(EditForm typed, String field, Class<E> type) {
    return Arrays.stream(type.getEnumConstants())
        .filter(value -> lower(value).equals(typed.value(field)))
        .findFirst()
        .orElseThrow(() -> Refused.invalid(field, "is not one of the choices"));
  }

  private Future<ConsoleView> end(ConsoleRequest request) {
    BoardRef board = ref(request);
    String path = PATH + "/" + board.text();
    return Confirmation.level1(
            "End the season?",
            "It takes no more scores, and no further season follows by itself.",
            "End the season")
        .ask(
            request,
            path,
            () ->
                changes
                    .make(
                        request,
                        new LeaderboardCommand.End(board),
                        "admin_end_leaderboard",
                        "leaderboards/" + board.text(),
                        Map.of())
                    .map(_ -> ConsoleView.done(path, "board-ended")));
  }

  private Future<?> delete(ConsoleRequest request, long id) {
    return changes.make(
        request,
        new LeaderboardCommand.Delete(BoardRef.of(new BoardId(id))),
        "admin_delete_leaderboard",
        "leaderboards/" + id,
        Map.of());
  }

  private Future<ConsoleView> delete(ConsoleRequest request) {
    return bus.ask(new LeaderboardQuery.Find(ref(request)))
        .compose(
            found -> {
              Board board = found.board();
              return Confirmation.level2(
                      "Delete " + board.title() + "?",
                      "The leaderboard and all its records are deleted.",
                      "Delete the leaderboard",
                      board.slug())
                  .ask(
                      request,
                      path(board.id()),
                      () ->
                          delete(request, board.id().value())
                              .map(_ -> ConsoleView.done(PATH, "board-deleted")));
            });
  }

  private Future<ConsoleView> deleteSelected(ConsoleRequest request) {
    return Selection.of(request, PATH)
        .apply(
            "Delete",
            "leaderboards",
            "They and all their records are deleted.",
            "boards-deleted",
            id -> delete(request, id));
  }

  private Future<ConsoleView> submit(ConsoleRequest request) {
    BoardRef board = ref(request);
    String path = PATH + "/" + board.text();
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

  private Future<ConsoleView> deleteRecord(ConsoleRequest request) {
    String path = PATH + "/" + ref(request).text();
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

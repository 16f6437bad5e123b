package dev.rookery.protocol.console;

import dev.rookery.base.BoardId;
import dev.rookery.base.IsoTime;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.console.Permission;
import dev.rookery.leaderboard.Board;
import dev.rookery.leaderboard.BoardRef;
import dev.rookery.leaderboard.BoardSeasons;
import dev.rookery.leaderboard.LeaderboardCommand;
import dev.rookery.leaderboard.LeaderboardQuery;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.RecordPage.Fact;
import dev.rookery.protocol.console.RecordPage.Section;
import io.vertx.core.Future;
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

/** The page of a leaderboard with its seasons and records, and create, edit, end and delete. */
final class LeaderboardPages implements ConsoleSection {
  private static final String PATH = LeaderboardListPages.PATH;
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

  private final Bus bus;
  private final Changes changes;
  private final InstantSource clock;
  private final LeaderboardRecordPages records;

  LeaderboardPages(Bus bus, Changes changes, ListTools lists, InstantSource clock) {
    this.bus = bus;
    this.changes = changes;
    this.clock = clock;
    this.records = new LeaderboardRecordPages(bus, changes, lists);
  }

  @Override
  public void register(ConsoleRouter console) {
    console.page(PATH + "/new", Permission.LEADERBOARDS_EDIT, this::createForm);
    console.action(PATH + "/new", Permission.LEADERBOARDS_EDIT, this::create);
    console.action(PATH + "/delete", Permission.LEADERBOARDS_EDIT, this::deleteSelected);
    console.page(BOARD, Permission.LEADERBOARDS_READ, this::show);
    console.page(BOARD + "/edit", Permission.LEADERBOARDS_EDIT, this::edit);
    console.action(BOARD + "/edit", Permission.LEADERBOARDS_EDIT, this::save);
    console.action(BOARD + "/end", Permission.LEADERBOARDS_EDIT, this::end);
    console.action(BOARD + "/delete", Permission.LEADERBOARDS_EDIT, this::delete);
    records.register(console);
    console.message("board-saved", "The leaderboard was saved.");
    console.message("board-created", "The leaderboard was created.");
    console.message("board-ended", "The season was ended.");
    console.message("board-deleted", "The leaderboard was deleted.");
    console.message("boards-deleted", "The selected leaderboards were deleted.");
  }

  private static BoardRef ref(ConsoleRequest request) {
    return BoardRef.of(new BoardId(request.id("id")));
  }

  private static String path(BoardId board) {
    return PATH + "/" + board.value();
  }

  static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private Future<ConsoleView> show(ConsoleRequest request) {
    var board = bus.ask(new LeaderboardQuery.Find(ref(request)));
    var shown = records.sections(request);
    return Future.all(board, shown).map(_ -> show(request, board.result(), shown.result()));
  }

  private ConsoleView show(ConsoleRequest request, BoardSeasons seasons, List<Section> shown) {
    Board board = seasons.board();
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
    var sections = new ArrayList<Section>();
    sections.add(Section.facts("board", "Leaderboard", facts));
    sections.add(Section.text("metadata", "Metadata", PrettyJson.of(board.metadata())));
    sections.addAll(shown);
    return record(request, board, sections);
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
            List.of(LeaderboardListPages.state(board, clock.millis())),
            ExplorerPages.withApi(request, links, "admin_get_leaderboard", board.id().value()),
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
        FormView.Field.of(METADATA, "Metadata", "json", PrettyJson.of(board.metadata())));
  }

  private static @Nullable Long time(EditForm typed, String field) {
    String text = typed.value(field).strip();
    if (text.isEmpty()) {
      return null;
    }
    Instant time = IsoTime.parseUtc(text);
    if (time == null) {
      throw Refused.invalid(field, "is not a time such as 2026-01-31T18:00:00Z");
    }
    return time.toEpochMilli();
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
            .hinted(
                "Lowercase a to z, digits and underscores. A slug that exists gets a new season."),
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
    return RecordPage.of(
            List.of(new Link("Leaderboards", PATH)),
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
}

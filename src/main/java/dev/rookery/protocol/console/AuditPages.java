package dev.rookery.protocol.console;

import dev.rookery.base.PlayerId;
import dev.rookery.bus.Bus;
import dev.rookery.console.AdminLists;
import dev.rookery.console.AuditEntry;
import dev.rookery.console.ConsoleCommand;
import dev.rookery.console.ListInput;
import dev.rookery.console.ListSelection;
import dev.rookery.console.Permission;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import dev.rookery.protocol.console.RecordPage.Fact;
import dev.rookery.protocol.console.RecordPage.Section;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The audit log: list with filters, an entry, and the check of its chains. */
final class AuditPages implements ConsoleSection {
  static final String PATH = "/admin/audit";

  private static final Pattern CURSOR = Pattern.compile("(\\d{1,18})-(\\d{1,18})-(\\d{1,18})");
  private static final List<SearchQuery.Key> KEYS =
      List.of(
          SearchQuery.Key.of("admin", "the id of the player who did it"),
          SearchQuery.Key.of("action", "how the action begins, such as admin_ban"),
          SearchQuery.Key.of("target", "the thing, such as users/12"),
          SearchQuery.Key.of("result", "done or refused"));

  private static final List<String> COLUMNS =
      List.of(
          "at",
          "actor",
          "player",
          "action",
          "target",
          "permission",
          "result",
          "reason",
          "values",
          "address",
          "request",
          "run",
          "number",
          "hash");

  private final Bus bus;
  private final AdminLists lists;
  private final Exports exports;

  AuditPages(Bus bus, AdminLists lists) {
    this.bus = bus;
    this.lists = lists;
    this.exports = new Exports(bus, lists);
  }

  @Override
  public void register(ConsoleRouter console) {
    lists.register(PATH, this::select);
    console.menu(
        new MenuEntry(MenuEntry.Group.SETTINGS, "Audit log", PATH, "a", Permission.AUDIT_READ));
    console.page(PATH, Permission.AUDIT_READ, this::list);
    console.page(PATH + "/export", Permission.AUDIT_EXPORT, this::export);
    console.page(PATH + "/check", Permission.AUDIT_READ, this::check);
    console.page(PATH + "/:run/:number", Permission.AUDIT_READ, this::show);
  }

  private Future<ConsoleView> list(ConsoleRequest request) {
    ListRequest list = ListRequest.of(request, KEYS, false, List.of());
    if (!list.search().isValid()) {
      return Future.succeededFuture(page(request, list, List.of()));
    }
    return bus.ask(
            new ConsoleCommand.ListAudit(
                filter(list.search(), request.may(Permission.PLAYERS_PERSONAL)),
                place(list.after()),
                list.size() + 1))
        .map(found -> page(request, list, found));
  }

  private static ConsoleView page(
      ConsoleRequest request, ListRequest list, List<AuditEntry> found) {
    var keyset = Keyset.of(list, found, AuditPages::cursor);
    Pager links = keyset.pager(list, 0);
    List<Link> exports =
        request.may(Permission.AUDIT_EXPORT)
            ? List.of(
                Exports.link(list, PATH, "CSV", "csv"),
                Exports.link(list, PATH, "NDJSON", "ndjson"))
            : List.of();
    return new ListPage(
            ListPage.Search.of(list, KEYS, ""),
            table("list", keyset.items(), request.may(Permission.PLAYERS_PERSONAL)),
            new Pager("", "", links.first(), "", links.next()),
            "Nothing was done yet",
            "Changes by admins appear here, refused ones too.",
            List.of(),
            List.of(new Link("Check the log", PATH + "/check")),
            exports)
        .render("Audit log");
  }

  private Future<ConsoleView> export(ConsoleRequest request) {
    return exports.send(request, PATH, select(request));
  }

  private ListSelection<AuditEntry> select(ListInput request) {
    ListRequest list = ListRequest.of(request, KEYS, false, List.of());
    boolean personal = request.may(Permission.PLAYERS_PERSONAL);
    AuditEntry.Filter filter = filter(list.search(), personal);
    return new ListSelection<>(
        "audit",
        Permission.AUDIT_EXPORT,
        list.search().masked(KEYS, "action", "result"),
        list.search().problems(),
        new ListSelection.Rows<AuditEntry>(
            (last, max) ->
                bus.ask(
                    new ConsoleCommand.ListAudit(filter, last == null ? null : last.place(), max)),
            AuditEntry::number,
            COLUMNS,
            entry -> exported(entry, personal)));
  }

  private static Map<String, Object> exported(AuditEntry entry, boolean personal) {
    PlayerId player = entry.player();
    return Map.ofEntries(
        Map.entry("at", Instant.ofEpochMilli(entry.atMs()).toString()),
        Map.entry("actor", entry.actor()),
        Map.entry("player", player == null ? "" : player.toString()),
        Map.entry("action", entry.action()),
        Map.entry("target", entry.target(personal)),
        Map.entry("permission", entry.permission()),
        Map.entry("result", entry.result()),
        Map.entry("reason", entry.reason()),
        Map.entry("values", entry.details()),
        Map.entry("address", personal ? entry.address() : ""),
        Map.entry("request", entry.requestId()),
        Map.entry("run", entry.run()),
        Map.entry("number", entry.number()),
        Map.entry("hash", entry.hash()));
  }

  private static AuditEntry.Filter filter(SearchQuery search, boolean personal) {
    String target = search.value("target");
    Long admin = search.number("admin");
    String result = search.value("result");
    return new AuditEntry.Filter(
        admin == null ? null : new PlayerId(admin),
        search.value("action"),
        target == null ? null : AuditEntry.target(target, personal),
        result == null ? null : Boolean.valueOf(result.equals(AuditEntry.DONE)),
        null,
        null);
  }

  private static AuditEntry.@Nullable Place place(String cursor) {
    Matcher matcher = CURSOR.matcher(cursor);
    return matcher.matches()
        ? new AuditEntry.Place(
            Long.parseLong(matcher.group(1)),
            Long.parseLong(matcher.group(2)),
            Long.parseLong(matcher.group(3)))
        : null;
  }

  private static String cursor(AuditEntry entry) {
    return entry.atMs() + "-" + entry.run() + "-" + entry.number();
  }

  /** The table of entries, also for the pages of other things. */
  static ListView table(String id, List<AuditEntry> entries, boolean personal) {
    var columns =
        List.of(
            Column.of("Time", 1),
            Column.of("Who", 1),
            Column.of("Action", 1),
            Column.of("Target", 2),
            Column.of("Result", 2),
            Column.of("Reason", 3),
            Column.of("Address", 4));
    var rows = new ArrayList<Row>();
    for (AuditEntry entry : entries) {
      rows.add(
          new Row(
              entry.run() + "-" + entry.number(),
              "entry " + entry.number() + " of run " + entry.run(),
              List.of(
                  Cell.time(entry.atMs()),
                  who(entry),
                  Cell.link(entry.action(), PATH + "/" + entry.run() + "/" + entry.number()),
                  Cell.code(entry.target(personal)),
                  result(entry),
                  Cell.text(entry.reason()),
                  personal ? Cell.code(entry.address()) : Cell.text("hidden"))));
    }
    return new ListView(id, "Audit log", columns, rows, false);
  }

  private static Cell who(AuditEntry entry) {
    PlayerId player = entry.player();
    return player == null ? Cell.text("the server") : Cell.player(null, player.value());
  }

  /** Who did it, and whether in the console, with the API or with which access key. */
  private static Fact whoAndHow(AuditEntry entry) {
    String key = entry.keyId();
    Cell how = Cell.badge(entry.actor(), "");
    return key == null
        ? Fact.of("Who", who(entry), how)
        : Fact.of("Who", who(entry), how, Cell.link(key, "/admin/keys/" + key));
  }

  private static Cell result(AuditEntry entry) {
    boolean done = entry.result().equals(AuditEntry.DONE);
    return Cell.badge(entry.result(), done ? "good" : "warn");
  }

  private Future<ConsoleView> show(ConsoleRequest request) {
    return bus.ask(new ConsoleCommand.FindAudit(request.id("run"), request.id("number")))
        .map(entry -> page(entry, request.may(Permission.PLAYERS_PERSONAL)));
  }

  private static ConsoleView page(AuditEntry entry, boolean personal) {
    var facts =
        List.of(
            Fact.of("Time", Cell.time(entry.atMs())),
            whoAndHow(entry),
            Fact.of("Action", Cell.code(entry.action())),
            Fact.of("Target", Cell.code(entry.target(personal))),
            Fact.of("Permission", Cell.code(entry.permission())),
            Fact.of("Result", result(entry)),
            Fact.of("Reason", Cell.text(entry.reason())),
            Fact.of("Address", personal ? Cell.code(entry.address()) : Cell.text("hidden")),
            Fact.of("Request", Cell.code(entry.requestId())),
            Fact.of("Hash", Cell.code(entry.hash())));
    return RecordPage.of(
            List.of(new Link("Audit log", PATH)),
            List.of(
                Section.facts("entry", "Entry", facts),
                Section.text("values", "Values", new JsonObject(entry.details()).encodePrettily())))
        .render("Entry " + entry.number() + " of run " + entry.run());
  }

  private Future<ConsoleView> check(ConsoleRequest request) {
    return bus.ask(new ConsoleCommand.CheckAudit()).map(AuditPages::page);
  }

  private static ConsoleView page(List<AuditEntry.ChainCheck> checks) {
    var rows = new ArrayList<Row>();
    for (AuditEntry.ChainCheck check : checks) {
      Long broken = check.brokenAt();
      rows.add(
          new Row(
              Long.toString(check.run()),
              "run " + check.run(),
              List.of(
                  Cell.number(check.run()),
                  Cell.number(check.entries()),
                  broken == null
                      ? Cell.badge("complete", "good")
                      : Cell.badge("changed or missing from entry " + broken, "bad"))));
    }
    var columns =
        List.of(Column.of("Run", 1), Column.of("Entries checked", 2), Column.of("Chain", 1));
    return RecordPage.of(
            List.of(new Link("Audit log", PATH)),
            List.of(
                Section.table(
                        "chains",
                        "Chains",
                        new ListView("chains", "Chains", columns, rows, false),
                        Pager.NONE,
                        "There are no entries")
                    .withNote(
                        "Each run of a node writes a chain. The hash of an entry covers the one"
                            + " before it.")))
        .render("Check of the audit log");
  }
}

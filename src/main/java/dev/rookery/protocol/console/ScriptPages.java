package dev.rookery.protocol.console;

import dev.rookery.bus.Bus;
import dev.rookery.console.Permission;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import dev.rookery.protocol.console.RecordPage.Fact;
import dev.rookery.protocol.console.RecordPage.Section;
import dev.rookery.script.ScriptCommand;
import dev.rookery.script.ScriptCommand.Figures;
import dev.rookery.script.ScriptCommand.Inspected;
import dev.rookery.script.ScriptCommand.Listing;
import dev.rookery.script.ScriptCommand.TestReport;
import dev.rookery.script.ScriptInfo;
import dev.rookery.script.ScriptProblem;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Lua scripts: what is served, its text and versions, a test run, roll back and delete. */
final class ScriptPages implements ConsoleSection {
  static final String PATH = "/admin/scripts";
  private static final String SCRIPT = PATH + "/:name";
  private static final String KEYS = "keys";
  private static final String ARGS = "args";
  private static final String RUN_LIVE = "Run on live data…";
  private static final Figures NO_CALLS = new Figures(0, 0, 0, 0);

  private final Bus bus;
  private final Changes changes;

  ScriptPages(Bus bus, Changes changes) {
    this.bus = bus;
    this.changes = changes;
  }

  @Override
  public void register(ConsoleRouter console) {
    console.menu(
        new MenuEntry(MenuEntry.Group.CODE, "Scripts", PATH, null, Permission.SCRIPTS_READ));
    console.page(PATH, Permission.SCRIPTS_READ, this::list);
    console.page(SCRIPT, Permission.SCRIPTS_READ, this::show);
    console.action(SCRIPT + "/run", Permission.SCRIPTS_RUN, this::run);
    console.action(SCRIPT + "/run-live", Permission.SCRIPTS_RUN_LIVE, this::runLive);
    console.action(SCRIPT + "/rollback", Permission.SCRIPTS_EDIT, this::rollBack);
    console.action(SCRIPT + "/delete", Permission.SCRIPTS_EDIT, this::delete);
    console.message("script-rolled-back", "All nodes run the version before within two seconds.");
    console.message("script-deleted", "The script was deleted with its versions.");
  }

  static String path(String script) {
    return PATH + "/" + script;
  }

  private Future<ConsoleView> list(ConsoleRequest request) {
    ListRequest list = ListRequest.of(request, List.of(), false, List.of());
    return bus.ask(new ScriptCommand.ListAll()).map(found -> page(request, list, found));
  }

  private static ConsoleView page(ConsoleRequest request, ListRequest list, Listing listing) {
    var columns =
        List.of(
            Column.of("Script", 1),
            Column.of("State", 1),
            Column.of("Role", 2),
            Column.of("Version", 2),
            Column.of("From", 2),
            Column.of("Calls here", 2),
            Column.of("Errors here", 2),
            Column.of("Mean", 3),
            Column.of("Changed", 3));
    var rows = new ArrayList<Row>();
    for (ScriptInfo script : listing.scripts()) {
      Figures figures = listing.figures().getOrDefault(script.name(), NO_CALLS);
      rows.add(
          new Row(
              script.name(),
              script.name(),
              List.of(
                  Cell.link(script.name(), path(script.name())),
                  state(script),
                  Cell.text(role(script)),
                  Cell.number(script.version()),
                  Cell.text(script.source()),
                  Cell.number(figures.calls()),
                  Cell.number(figures.errors()),
                  Cell.text(figures.calls() == 0 ? "" : ms(figures.meanMs())),
                  Cell.time(script.changedMs()))));
    }
    return new ListPage(
            ListPage.Search.of(list, List.of(), ""),
            new ListView("list", "Scripts", columns, rows, false),
            new Pager(Pager.exactly(rows.size()) + ", engine " + listing.engine(), "", "", "", ""),
            "No scripts",
            "Store one with PUT /api/v1/admin/scripts/{name}, or put it into the folder of"
                + " scripts.",
            List.of(),
            request.may(Permission.SCRIPTS_EDIT)
                ? List.of(new Link("New script", ScriptEditorPages.NEW))
                : List.of(),
            List.of())
        .render("Scripts");
  }

  private static Cell state(ScriptInfo script) {
    ScriptProblem problem = script.problem();
    return problem == null
        ? Cell.badge("served", "good")
        : Cell.badge(script.sha1().isEmpty() ? "refused" : "newer version refused", "bad");
  }

  private static String role(ScriptInfo script) {
    var role = script.role();
    return role == null ? "" : role.text();
  }

  private static String ms(double ms) {
    return String.format(Locale.ENGLISH, "%.1f ms", ms);
  }

  private Future<Inspected> inspect(ConsoleRequest request) {
    return bus.ask(
        new ScriptCommand.Inspect(
            request.path("name"), SearchQuery.parse(request.query("version"))));
  }

  private Future<ConsoleView> show(ConsoleRequest request) {
    return inspect(request)
        .compose(
            script ->
                script.shown() == script.info().version()
                    ? Future.succeededFuture(show(request, script, form(request), null))
                    : bus.ask(new ScriptCommand.Inspect(script.info().name(), null))
                        .map(
                            served ->
                                show(request, script, form(request), difference(script, served))));
  }

  /** What has changed since an earlier version. */
  private static Section difference(Inspected earlier, Inspected served) {
    return Section.text(
        "difference",
        "Changes from version " + earlier.shown() + " to version " + served.shown(),
        String.join("\n", LineDiff.of(earlier.text(), served.text())));
  }

  private static FormView form(ConsoleRequest request) {
    String path = path(request.path("name"));
    boolean tests = request.may(Permission.SCRIPTS_RUN);
    return new FormView(
        path + (tests ? "/run" : "/run-live"),
        "",
        List.of(
            FormView.Field.of(KEYS, "KEYS", "textarea", "").hinted("One in a line."),
            FormView.Field.of(ARGS, "ARGV", "textarea", "").hinted("One in a line.")),
        tests ? "Test run" : RUN_LIVE,
        0,
        "",
        List.of(),
        tests && request.may(Permission.SCRIPTS_RUN_LIVE)
            ? List.of(new Link(RUN_LIVE, path + "/run-live"))
            : List.of());
  }

  private static ConsoleView show(
      ConsoleRequest request, Inspected script, FormView form, @Nullable Section above) {
    ScriptInfo info = script.info();
    boolean edits = request.may(Permission.SCRIPTS_EDIT) && !script.versions().isEmpty();
    var sections = new ArrayList<Section>();
    if (above != null) {
      sections.add(above);
    }
    sections.add(Section.facts("script", "On this node", facts(script)));
    boolean runs = request.may(Permission.SCRIPTS_RUN) || request.may(Permission.SCRIPTS_RUN_LIVE);
    if (runs && !info.sha1().isEmpty()) {
      sections.add(
          Section.form("run", "Run", form)
              .withNote(
                  "A test run has an empty keyspace that is gone afterwards: nothing is stored and"
                      + " nobody is told. On live data the version that is served does what it"
                      + " does for players."));
    }
    sections.add(
        Section.text(
                "source",
                script.shown() == info.version() ? "Source" : "Source of version " + script.shown(),
                script.text())
            .withNote(origin(info)));
    sections.add(
        Section.table(
            "versions",
            "Versions",
            versions(script),
            Pager.NONE,
            "A script of the server has no versions."));
    return new RecordPage(
            List.of(new Link("Scripts", PATH)),
            List.of(state(info)),
            request.may(Permission.SCRIPTS_EDIT)
                ? List.of(new Link("Edit", path(info.name()) + "/edit"))
                : List.of(),
            edits
                ? List.of(
                    new Action("Roll back…", path(info.name()) + "/rollback", 2),
                    new Action("Delete…", path(info.name()) + "/delete", 2))
                : List.of(),
            List.of(),
            sections)
        .render(info.name());
  }

  /** How a test run ended. */
  static Section result(TestReport report) {
    return result(report, report.done() ? "Result of the test run" : "The test run failed");
  }

  private static Section result(TestReport report, String title) {
    return Section.text("result", title, report.text())
        .withNote("Took " + report.tookMs() + " ms.");
  }

  private static String origin(ScriptInfo info) {
    if (info.version() == 0) {
      return "Part of the server.";
    }
    return info.source().startsWith("folder")
        ? "From the "
            + info.source()
            + ". What is saved here takes its place until the file is changed."
        : "Stored by an admin.";
  }

  private static List<Fact> facts(Inspected script) {
    ScriptInfo info = script.info();
    Figures figures = script.figures();
    ScriptProblem problem = info.problem();
    var facts = new ArrayList<Fact>();
    facts.add(Fact.of("State", state(info)));
    if (problem != null) {
      Integer line = problem.line();
      facts.add(
          Fact.of(
              "Refused because",
              Cell.text((line == null ? "" : "line " + line + ": ") + problem.message())));
    }
    facts.add(Fact.of("Role", Cell.text(role(info))));
    facts.add(Fact.of("Version", Cell.number(info.version())));
    facts.add(Fact.of("SHA-1", Cell.code(info.sha1())));
    facts.add(Fact.of("Changed", Cell.time(info.changedMs())));
    facts.add(Fact.of("Calls", Cell.number(figures.calls())));
    facts.add(Fact.of("Errors", Cell.number(figures.errors())));
    facts.add(Fact.of("Mean", Cell.text(ms(figures.meanMs()))));
    facts.add(Fact.of("Longest lately", Cell.text(ms(figures.longestMs()))));
    return facts;
  }

  private static ListView versions(Inspected script) {
    var columns =
        List.of(
            Column.of("Version", 1),
            Column.of("SHA-1", 2),
            Column.of("From", 1),
            Column.of("Stored", 1));
    var rows = new ArrayList<Row>();
    for (ScriptCommand.Version version : script.versions()) {
      String number = Long.toString(version.version());
      rows.add(
          new Row(
              number,
              "version " + number,
              List.of(
                  version.version() == script.shown()
                      ? Cell.badge(number, "good")
                      : Cell.link(number, path(script.info().name()) + "?version=" + number),
                  Cell.code(version.sha1()),
                  Cell.text(version.source()),
                  Cell.time(version.createdMs()))));
    }
    return new ListView("versions", "Versions", columns, rows, false);
  }

  static List<String> lines(String text) {
    return text.isEmpty() ? List.of() : text.lines().toList();
  }

  private Future<ConsoleView> run(ConsoleRequest request) {
    String name = request.path("name");
    return inspect(request)
        .compose(
            script ->
                new EditForm(request, "", form(request).fields())
                    .submit(
                        form(request),
                        again -> show(request, script, again, null),
                        typed ->
                            changes
                                .make(
                                    request,
                                    new ScriptCommand.TestRun(
                                        name, lines(typed.value(KEYS)), lines(typed.value(ARGS))),
                                    "admin_run_script",
                                    "scripts/" + name)
                                .map(
                                    report ->
                                        show(
                                            request,
                                            script,
                                            typed.shown(form(request)),
                                            result(report)))));
  }

  private Future<ConsoleView> runLive(ConsoleRequest request) {
    String name = request.path("name");
    List<String> keys = lines(request.field(KEYS));
    List<String> args = lines(request.field(ARGS));
    return Confirmation.level2(
            "Run " + name + " on live data?",
            "What it writes stays, and players receive what it publishes. Nothing takes it back.",
            "Run " + name,
            name)
        .withPreview("KEYS " + keys + "\nARGV " + args)
        .ask(
            request,
            path(name),
            () ->
                changes
                    .make(
                        request,
                        new ScriptCommand.RunLive(name, keys, args),
                        "admin_run_script_live",
                        "scripts/" + name,
                        Changes.values("keys", keys, "args", args))
                    .compose(report -> showLive(request, report)));
  }

  private Future<ConsoleView> showLive(ConsoleRequest request, TestReport report) {
    String title = report.done() ? "Result of the run on live data" : "The run on live data failed";
    return inspect(request)
        .map(script -> show(request, script, form(request), result(report, title)));
  }

  private Future<ConsoleView> rollBack(ConsoleRequest request) {
    return change(
        request,
        "Roll back ",
        "All nodes run the version before the current one, which becomes the newest.",
        new ScriptCommand.RollBack(request.path("name")),
        "admin_roll_back_script",
        ConsoleView.done(path(request.path("name")), "script-rolled-back"));
  }

  private Future<ConsoleView> delete(ConsoleRequest request) {
    return change(
        request,
        "Delete ",
        "It is gone with all its versions. A script of the server of the same name is used again.",
        new ScriptCommand.Remove(request.path("name")),
        "admin_remove_script",
        ConsoleView.done(PATH, "script-deleted"));
  }

  private Future<ConsoleView> change(
      ConsoleRequest request,
      String verb,
      String consequence,
      ScriptCommand<?> command,
      String action,
      ConsoleView done) {
    String name = request.path("name");
    return Confirmation.level2(verb + name + "?", consequence, verb + name, name)
        .ask(
            request,
            path(name),
            done,
            () -> changes.make(request, command, action, "scripts/" + name));
  }
}

package dev.rookery.protocol.console;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.console.Permission;
import dev.rookery.consumer.ParkedEvent;
import dev.rookery.extensionhost.ExtensionCommand;
import dev.rookery.extensionhost.ExtensionCommand.CallReport;
import dev.rookery.extensionhost.ExtensionCommand.HookFigures;
import dev.rookery.extensionhost.ExtensionCommand.Job;
import dev.rookery.extensionhost.FunctionListing;
import dev.rookery.player.Account;
import dev.rookery.player.PlayerCommand;
import dev.rookery.player.PlayerCommand.AccountFilter;
import dev.rookery.player.PlayerCommand.AccountOrder;
import dev.rookery.player.PlayerCommand.MarkFilter;
import dev.rookery.player.PlayerMark;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import dev.rookery.protocol.console.RecordPage.Section;
import io.vertx.core.Future;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What an extension has: functions with a form to call them, hooks, parked changes, schedules. */
final class ExtensionCodePages implements ConsoleSection {
  private static final String FUNCTIONS = ExtensionPages.EXTENSION + "/functions";
  private static final String PARKED = ExtensionPages.EXTENSION + "/parked";
  private static final String SCHEDULES = ExtensionPages.EXTENSION + "/schedules";
  private static final String ARGS = "args";
  private static final String CALLER = "caller";
  private static final String ME = "me";
  private static final String TEST_PLAYER = "test player ";

  private final Bus bus;
  private final Changes changes;

  ExtensionCodePages(Bus bus, Changes changes) {
    this.bus = bus;
    this.changes = changes;
  }

  @Override
  public void register(ConsoleRouter console) {
    console.page(FUNCTIONS, Permission.EXTENSIONS_READ, this::functions);
    console.page(FUNCTIONS + "/:function", Permission.EXTENSIONS_CALL, this::callForm);
    console.action(FUNCTIONS + "/:function/call", Permission.EXTENSIONS_CALL, this::call);
    console.page(ExtensionPages.EXTENSION + "/hooks", Permission.EXTENSIONS_READ, this::hooks);
    console.page(PARKED, Permission.EXTENSIONS_READ, this::parked);
    console.action(PARKED + "/:id/retry", Permission.EXTENSIONS_CONFIG, this::retry);
    console.action(PARKED + "/:id/drop", Permission.EXTENSIONS_CONFIG, this::drop);
    console.page(SCHEDULES, Permission.JOBS_READ, this::schedules);
    console.action(SCHEDULES + "/:job/run", Permission.JOBS_RUN, this::runJob);
    console.message("parked-retried", "The hooks were run again after the change.");
    console.message("parked-dropped", "The change was given up.");
    console.message("job-started", "The job runs now.");
  }

  private static String name(ConsoleRequest request) {
    return request.path("name");
  }

  private static String path(ConsoleRequest request) {
    return ExtensionPages.path(name(request));
  }

  private static ConsoleView page(
      ConsoleRequest request, String tab, List<Section> sections, String title) {
    return new RecordPage(
            List.of(
                new Link("Extensions", ExtensionPages.PATH),
                new Link(name(request), path(request))),
            List.of(),
            List.of(),
            List.of(),
            ExtensionPages.tabs(request, name(request), tab),
            sections)
        .render(title);
  }

  private Future<List<FunctionListing>> findFunctions(ConsoleRequest request) {
    return bus.ask(new ExtensionCommand.ListFunctions(name(request)));
  }

  private Future<ConsoleView> functions(ConsoleRequest request) {
    return findFunctions(request)
        .map(
            functions ->
                page(
                    request,
                    "functions",
                    List.of(
                        Section.table(
                                "functions",
                                "Functions",
                                functionTable(request, functions),
                                Pager.NONE,
                                "The version that runs here has no functions.")
                            .withNote(
                                "Clients call them with POST /api/v1/hooks/call, or on their own"
                                    + " channel.")),
                    "Functions of " + name(request)));
  }

  private static ListView functionTable(ConsoleRequest request, List<FunctionListing> functions) {
    boolean calls = request.may(Permission.EXTENSIONS_CALL);
    var columns =
        List.of(
            Column.of("Function", 1),
            Column.of("What it does", 1),
            Column.of("Example", 2),
            Column.of("Kind", 3));
    var rows = new ArrayList<Row>();
    for (FunctionListing function : functions) {
      for (FunctionListing.Signature signature : function.signatures()) {
        String example = signature.exampleArgs();
        rows.add(
            new Row(
                function.name() + "-" + signature.arity(),
                signature.text(),
                List.of(
                    calls
                        ? Cell.link(signature.text(), tester(request, function, signature))
                        : Cell.text(signature.text()),
                    Cell.text(signature.description()),
                    Cell.code(example == null ? "" : example),
                    Cell.text(function.dynamic() ? "dynamic" : ""))));
      }
    }
    return new ListView("functions", "Functions", columns, rows, false);
  }

  private static String tester(
      ConsoleRequest request, FunctionListing function, FunctionListing.Signature signature) {
    String example = signature.exampleArgs();
    return path(request)
        + "/functions/"
        + function.name()
        + (example == null ? "" : "?args=" + URLEncoder.encode(example, StandardCharsets.UTF_8));
  }

  private static FormView form(ConsoleRequest request, String args, List<String> callers) {
    return new FormView(
        path(request) + "/functions/" + request.path("function") + "/call",
        "",
        List.of(
            FormView.Field.of(ARGS, "Arguments", "json", args)
                .hinted("A JSON array with one value for each parameter."),
            FormView.Field.select(CALLER, "Caller", ME, callers)),
        "Call it",
        0,
        path(request) + "/functions",
        List.of());
  }

  /** Who a function can be called as: the admin, and the test players. */
  private Future<List<String>> callers() {
    return bus.ask(
            new PlayerCommand.ListAccounts(
                AccountFilter.withMark(MarkFilter.of(PlayerMark.TEST)),
                AccountOrder.OLDEST,
                null,
                false,
                PlayerMark.TEST.max()))
        .map(
            accounts ->
                Stream.concat(
                        Stream.of(ME),
                        accounts.stream()
                            .filter(Account::isForTests)
                            .map(account -> TEST_PLAYER + account.player().id().value()))
                    .toList());
  }

  private static PlayerId caller(ConsoleRequest request, List<String> callers, String chosen) {
    if (chosen.equals(ME)) {
      return request.admin().player();
    }
    if (!callers.contains(chosen)) {
      throw Refused.invalid(CALLER, "is no test player");
    }
    return new PlayerId(Long.parseLong(chosen.substring(TEST_PLAYER.length())));
  }

  private Future<ConsoleView> callForm(ConsoleRequest request) {
    String example = request.query(ARGS);
    return callers()
        .map(
            callers ->
                callPage(
                    request, form(request, example.isEmpty() ? "[]" : example, callers), null));
  }

  private static ConsoleView callPage(
      ConsoleRequest request, FormView form, @Nullable CallReport report) {
    var sections = new ArrayList<Section>();
    sections.add(
        Section.form("call", "Call " + request.path("function"), form)
            .withNote("It runs on the node that answers. What it changes is changed."));
    if (report != null) {
      sections.add(
          Section.text("result", "Result: " + report.outcome(), report.text())
              .withNote("Took " + report.tookMs() + " ms."));
    }
    return page(request, "functions", sections, request.path("function"));
  }

  private Future<ConsoleView> call(ConsoleRequest request) {
    return callers().compose(callers -> call(request, callers));
  }

  private Future<ConsoleView> call(ConsoleRequest request, List<String> callers) {
    String name = name(request);
    String function = request.path("function");
    FormView form = form(request, "[]", callers);
    return new EditForm(request, "", form.fields())
        .submit(
            form,
            again -> callPage(request, again, null),
            typed -> {
              PlayerId caller = caller(request, callers, typed.value(CALLER));
              return changes
                  .make(
                      request,
                      new ExtensionCommand.CallFunction(caller, name, function, typed.value(ARGS)),
                      "admin_call_extension_function",
                      "extensions/" + name + "/functions/" + function,
                      Changes.values(ARGS, typed.value(ARGS), "user_id", caller.value()))
                  .map(report -> callPage(request, again(form, typed), report));
            });
  }

  /** The form with what was typed, to call again. */
  private static FormView again(FormView form, EditForm typed) {
    return new FormView(
        form.action(),
        "",
        form.fields().stream()
            .map(field -> field.typed(typed.value(field.name()), "", List.of()))
            .toList(),
        form.submit(),
        0,
        form.cancel(),
        List.of());
  }

  private Future<ConsoleView> hooks(ConsoleRequest request) {
    return bus.ask(new ExtensionCommand.ListHooks(name(request)))
        .map(
            hooks ->
                page(
                    request,
                    "hooks",
                    List.of(
                        Section.table(
                                "hooks",
                                "Hooks",
                                hookTable(hooks),
                                Pager.NONE,
                                "The version that runs here has no hooks.")
                            .withNote(
                                "The figures are those of the node that answers, since this"
                                    + " version runs there. Hooks before a change run in the order"
                                    + " in which the extension adds them.")),
                    "Hooks of " + name(request)));
  }

  private static ListView hookTable(List<HookFigures> hooks) {
    var columns =
        List.of(
            Column.of("Point", 1),
            Column.of("When", 1),
            Column.of("Hooks", 2),
            Column.of("Calls", 2),
            Column.of("Refusals", 2),
            Column.of("Failures", 2),
            Column.of("Time per call", 3));
    var rows = new ArrayList<Row>();
    for (HookFigures hook : hooks) {
      String point = hook.point().toLowerCase(Locale.ROOT);
      boolean before = hook.before();
      rows.add(
          new Row(
              (before ? "before-" : "after-") + point,
              point,
              List.of(
                  Cell.text(point),
                  Cell.text(before ? "before the change" : "after it"),
                  Cell.number(hook.hooks()),
                  before ? Cell.number(hook.calls()) : Cell.text(""),
                  before ? Cell.number(hook.refusals()) : Cell.text(""),
                  before ? Cell.number(hook.failures()) : Cell.text(""),
                  hook.calls() == 0
                      ? Cell.text("")
                      : Cell.text(
                          String.format(
                              Locale.ENGLISH,
                              "%.1f ms",
                              (double) hook.timeSpentMs() / hook.calls())))));
    }
    return new ListView("hooks", "Hooks", columns, rows, false);
  }

  private Future<ConsoleView> parked(ConsoleRequest request) {
    ListRequest list = ListRequest.of(request, List.of(), false, List.of());
    return bus.ask(new ExtensionCommand.ListParked(name(request), list.page()))
        .map(
            found ->
                page(
                    request,
                    "parked",
                    List.of(
                        Section.table(
                                "parked",
                                "Changes whose hooks kept failing",
                                parkedTable(request, found.items()),
                                list.pager(found.total()),
                                "No change is parked.")
                            .withNote("They are kept for seven days.")),
                    "Parked changes of " + name(request)));
  }

  private static ListView parkedTable(ConsoleRequest request, List<ParkedEvent> events) {
    boolean edits = request.may(Permission.EXTENSIONS_CONFIG);
    var columns =
        List.of(
            Column.of("Change", 1),
            Column.of("Why", 1),
            Column.of("Stream", 2),
            Column.of("Offset", 3),
            Column.of("Parked", 2));
    var rows = new ArrayList<Row>();
    for (ParkedEvent event : events) {
      String id = Long.toString(event.id());
      String path = path(request) + "/parked/" + id;
      rows.add(
          new Row(
              id,
              "change " + id,
              List.of(
                  Cell.text(event.type()),
                  Cell.text(event.reason()),
                  Cell.code(event.stream()),
                  Cell.number(event.position().offset()),
                  Cell.time(event.atMs())),
              edits
                  ? List.of(
                      new Action("Retry", path + "/retry", 0),
                      new Action("Drop…", path + "/drop", 2))
                  : List.of()));
    }
    return new ListView("parked", "Parked changes", columns, rows, false);
  }

  private Future<ConsoleView> retry(ConsoleRequest request) {
    String back = path(request) + "/parked";
    long id = request.id("id");
    return changes
        .make(
            request,
            new ExtensionCommand.RetryParked(name(request), id),
            "admin_retry_parked_change",
            "extensions/" + name(request) + "/parked/" + id)
        .map(_ -> ConsoleView.done(back, "parked-retried"));
  }

  private Future<ConsoleView> drop(ConsoleRequest request) {
    String back = path(request) + "/parked";
    long id = request.id("id");
    return Confirmation.level2(
            "Give up change " + id + "?",
            "The hooks of " + name(request) + " never hear of it.",
            "Give up change " + id,
            Long.toString(id))
        .ask(
            request,
            back,
            ConsoleView.done(back, "parked-dropped"),
            () ->
                changes.make(
                    request,
                    new ExtensionCommand.DropParked(name(request), id),
                    "admin_drop_parked_change",
                    "extensions/" + name(request) + "/parked/" + id));
  }

  private Future<ConsoleView> schedules(ConsoleRequest request) {
    return bus.ask(new ExtensionCommand.ListJobs(name(request)))
        .map(
            jobs ->
                page(
                    request,
                    "schedules",
                    List.of(
                        Section.table(
                            "schedules",
                            "Schedules",
                            jobTable(request, name(request), jobs),
                            Pager.NONE,
                            "The extension has no scheduled jobs.")),
                    "Schedules of " + name(request)));
  }

  static ListView jobTable(ConsoleRequest request, String extension, List<Job> jobs) {
    var rows = new ArrayList<Row>();
    jobs.forEach(job -> rows.add(jobRow(request, extension, job)));
    return new ListView("schedules", "Schedules", JOB_COLUMNS, rows, false);
  }

  static final List<Column> JOB_COLUMNS =
      List.of(
          Column.of("Job", 1),
          Column.of("Result", 1),
          Column.of("Next", 2),
          Column.of("Last", 2),
          Column.of("Took", 3),
          Column.of("Schedule", 3));

  /** A job of an extension, with the action that runs it if the admin may. */
  static Row jobRow(ConsoleRequest request, String extension, Job job) {
    Long started = job.startedMs();
    Long ended = job.endedMs();
    String error = job.error();
    return new Row(
        extension + "-" + job.name(),
        job.name(),
        List.of(
            Cell.text(job.name()),
            job.running()
                ? Cell.badge("running", "good")
                : error != null
                    ? Cell.text("failed: " + error)
                    : Cell.text(ended == null ? "" : "done"),
            Cell.time(job.nextMs()),
            Cell.time(started),
            Cell.text(started == null || ended == null ? "" : ended - started + " ms"),
            Cell.code(job.schedule())),
        request.may(Permission.JOBS_RUN)
            ? List.of(
                new Action(
                    "Run now",
                    ExtensionPages.path(extension)
                        + "/schedules/"
                        + URLEncoder.encode(job.name(), StandardCharsets.UTF_8).replace("+", "%20")
                        + "/run",
                    1))
            : List.of());
  }

  private Future<ConsoleView> runJob(ConsoleRequest request) {
    String job = request.path("job");
    String back = request.back(path(request) + "/schedules");
    return Confirmation.level1(
            "Run " + job + " now?", "It runs once more, besides its times.", "Run " + job)
        .ask(
            request,
            back,
            ConsoleView.done(back, "job-started"),
            () ->
                changes.make(
                    request,
                    new ExtensionCommand.RunJob(name(request), job),
                    "admin_run_extension_schedule",
                    "extensions/" + name(request) + "/schedules/" + job));
  }
}

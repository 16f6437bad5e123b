package dev.rookery.protocol.console;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.console.Permission;
import dev.rookery.protocol.console.RecordPage.Section;
import dev.rookery.script.ScriptCommand;
import dev.rookery.script.ScriptCommand.TestReport;
import dev.rookery.script.ScriptProblem;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The editor of Lua scripts: check what is typed, run it against an empty keyspace, and save it as
 * the newest version. No script has the name {@code -}, which the addresses of new scripts have.
 */
final class ScriptEditorPages implements ConsoleSection {
  static final String NEW = ScriptPages.PATH + "/-/new";
  private static final String CHECK = ScriptPages.PATH + "/-/check";
  private static final String TRY = ScriptPages.PATH + "/-/try";
  private static final String EDIT = ScriptPages.PATH + "/:name/edit";
  private static final String NAME = "name";
  private static final String SOURCE = "source";
  private static final String KEYS = "keys";
  private static final String ARGS = "args";
  private static final String EXAMPLE =
      """
      -- ROLE: player
      -- ARGV[1] is the id of the user who calls.
      local number = redis.call('INCR', 'greetings')
      return 'Hello, you are number ' .. number
      """;

  private final Bus bus;
  private final Changes changes;

  ScriptEditorPages(Bus bus, Changes changes) {
    this.bus = bus;
    this.changes = changes;
  }

  /**
   * A script as the editor has read it.
   *
   * @param name empty for a new one
   * @param version 0 if none is stored
   */
  private record Draft(String name, long version, String source) {
    boolean isNew() {
      return name.isEmpty();
    }

    /** Where what is typed is sent, with the name of the script unless it is a field. */
    private String address(String path) {
      return isNew() ? path : path + "?name=" + URLEncoder.encode(name, StandardCharsets.UTF_8);
    }

    List<FormView.Field> fields() {
      var fields = new ArrayList<FormView.Field>();
      if (isNew()) {
        fields.add(
            FormView.Field.of(NAME, "Name", "text", "")
                .needed()
                .hinted(
                    "a to z, A to Z, 0 to 9, _ . and -; not . or - at the start. Clients call the"
                        + " script by it."));
      }
      fields.add(FormView.Field.of(SOURCE, "Lua", "lua", source).edited(address(CHECK), List.of()));
      fields.add(
          FormView.Field.of(KEYS, "KEYS of a test run", "textarea", "").hinted("One in a line."));
      fields.add(
          FormView.Field.of(ARGS, "ARGV of a test run", "textarea", "").hinted("One in a line."));
      return fields;
    }

    FormView form() {
      return new FormView(
          isNew() ? NEW : ScriptPages.path(name) + "/edit",
          isNew() ? "" : Long.toString(version),
          fields(),
          "Save",
          0,
          isNew() ? ScriptPages.PATH : ScriptPages.path(name),
          List.of(),
          List.of(new Link("Check", address(CHECK)), new Link("Test run", address(TRY))));
    }
  }

  @Override
  public void register(ConsoleRouter console) {
    console.page(NEW, Permission.SCRIPTS_EDIT, _ -> Future.succeededFuture(page(draft())));
    console.action(NEW, Permission.SCRIPTS_EDIT, this::save);
    console.page(
        EDIT, Permission.SCRIPTS_EDIT, request -> find(request).map(ScriptEditorPages::page));
    console.action(EDIT, Permission.SCRIPTS_EDIT, this::save);
    console.action(CHECK, Permission.SCRIPTS_EDIT, this::check);
    console.action(TRY, Permission.SCRIPTS_RUN, this::tryOut);
    console.message("script-saved", "The script was saved. All nodes run it within two seconds.");
  }

  private static Draft draft() {
    return new Draft("", 0, EXAMPLE);
  }

  /** The script that the address names; a new one if it names none. */
  private Future<Draft> find(ConsoleRequest request) {
    String name = request.context().pathParams().getOrDefault(NAME, request.query(NAME));
    return name.isEmpty()
        ? Future.succeededFuture(draft())
        : bus.ask(new ScriptCommand.Inspect(name, null))
            .map(script -> new Draft(name, script.info().version(), script.text()));
  }

  private static ConsoleView page(Draft draft) {
    return page(draft, draft.form(), null);
  }

  private static ConsoleView page(Draft draft, FormView form, @Nullable Section above) {
    var sections = new ArrayList<Section>();
    if (above != null) {
      sections.add(above);
    }
    sections.add(
        Section.form("edit", draft.isNew() ? "New script" : "Edit", form)
            .withNote(
                "A script that cannot be compiled is not saved. A test run has an empty keyspace"
                    + " that is gone afterwards."));
    var crumbs = new ArrayList<Link>();
    crumbs.add(new Link("Scripts", ScriptPages.PATH));
    if (!draft.isNew()) {
      crumbs.add(new Link(draft.name, ScriptPages.path(draft.name)));
    }
    return RecordPage.of(crumbs, sections).render(draft.isNew() ? "New script" : draft.name);
  }

  private static EditForm typed(ConsoleRequest request, Draft draft) {
    return new EditForm(request, draft.isNew() ? "" : Long.toString(draft.version), draft.fields());
  }

  private static String name(Draft draft, EditForm typed) {
    String name = draft.isNew() ? typed.value(NAME).strip() : draft.name;
    if (!ScriptCommand.isName(name)) {
      throw Refused.invalid(
          NAME,
          "should be 1 to 64 characters of a to z, A to Z, 0 to 9, _ . and -, not . or - at the"
              + " start");
    }
    return name;
  }

  private Future<ConsoleView> save(ConsoleRequest request) {
    return find(request)
        .compose(
            draft ->
                typed(request, draft)
                    .submit(
                        draft.form(),
                        again -> page(draft, again, null),
                        typed -> save(request, draft, typed),
                        () -> save(request)));
  }

  private Future<ConsoleView> save(ConsoleRequest request, Draft draft, EditForm typed) {
    String name = name(draft, typed);
    return changes
        .make(
            request,
            new ScriptCommand.Put(name, typed.value(SOURCE), draft.isNew() ? 0 : typed.expected()),
            "admin_put_script",
            "scripts/" + name)
        .recover(failure -> Future.failedFuture(atSource(draft, failure)))
        .map(_ -> ConsoleView.done(ScriptPages.path(name), "script-saved"));
  }

  /** Names the field of what is refused. */
  private static Throwable atSource(Draft draft, Throwable failure) {
    if (!(failure instanceof Refused refused)) {
      return failure;
    }
    return switch (refused.refusal()) {
      case Refusal.Denied(var code, var details) when code.equals("script_rejected") ->
          Refused.invalid(SOURCE, "cannot be compiled: " + details.get("message"));
      case Refusal.Conflict(var code) when draft.isNew() && code.equals("revision_conflict") ->
          Refused.invalid(NAME, "has already been taken");
      default -> failure;
    };
  }

  /** Answers the script of the editor with JSON, and a form with the page. */
  private Future<ConsoleView> check(ConsoleRequest request) {
    boolean script = !request.field("text").isEmpty();
    return find(request)
        .compose(
            draft -> {
              EditForm typed = typed(request, draft);
              String source = script ? request.field("text") : typed.value(SOURCE);
              return bus.ask(new ScriptCommand.Check(nameOrOther(draft), source))
                  .map(
                      problem ->
                          script
                              ? data(problem)
                              : page(draft, typed.shown(draft.form()), checked(problem)));
            });
  }

  /** A name is no part of what is checked. */
  private static String nameOrOther(Draft draft) {
    return draft.isNew() ? "new" : draft.name;
  }

  private static ConsoleView data(Optional<ScriptProblem> problem) {
    var problems = new JsonArray();
    problem.ifPresent(
        one ->
            problems.add(new JsonObject().put("line", one.line()).put("message", one.message())));
    return new ConsoleView.Data(JsonObject.of("problems", problems));
  }

  private static Section checked(Optional<ScriptProblem> problem) {
    return Section.text(
        "checked",
        "Check",
        problem
            .map(
                one -> {
                  Integer line = one.line();
                  return (line == null ? "" : "Line " + line + ": ") + one.message();
                })
            .orElse("It can be compiled."));
  }

  private Future<ConsoleView> tryOut(ConsoleRequest request) {
    return find(request)
        .compose(
            draft ->
                typed(request, draft)
                    .submit(
                        draft.form(),
                        again -> page(draft, again, null),
                        typed ->
                            run(request, draft, typed)
                                .map(
                                    report ->
                                        page(
                                            draft,
                                            typed.shown(draft.form()),
                                            ScriptPages.result(report)))));
  }

  private Future<TestReport> run(ConsoleRequest request, Draft draft, EditForm typed) {
    String name = nameOrOther(draft);
    return changes.make(
        request,
        new ScriptCommand.TestRun(
            name,
            typed.value(SOURCE),
            ScriptPages.lines(typed.value(KEYS)),
            ScriptPages.lines(typed.value(ARGS))),
        "admin_run_script",
        draft.isNew() ? "scripts" : "scripts/" + name,
        Changes.values("draft", true));
  }
}

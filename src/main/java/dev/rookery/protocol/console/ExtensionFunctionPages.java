package dev.rookery.protocol.console;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.console.Permission;
import dev.rookery.extensionhost.ExtensionCommand;
import dev.rookery.extensionhost.ExtensionCommand.CallReport;
import dev.rookery.extensionhost.FunctionListing;
import dev.rookery.player.Account;
import dev.rookery.player.PlayerCommand;
import dev.rookery.player.PlayerCommand.AccountFilter;
import dev.rookery.player.PlayerCommand.AccountOrder;
import dev.rookery.player.PlayerCommand.MarkFilter;
import dev.rookery.player.PlayerMark;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import dev.rookery.protocol.console.RecordPage.Section;
import io.vertx.core.Future;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The functions of an extension, with a form to call each. */
final class ExtensionFunctionPages implements ConsoleSection {
  private static final String FUNCTIONS = ExtensionPages.EXTENSION + "/functions";
  private static final String ARGS = "args";
  private static final String CALLER = "caller";
  private static final String ME = "me";
  private static final String TEST_PLAYER = "test player ";

  private final Bus bus;
  private final Changes changes;

  ExtensionFunctionPages(Bus bus, Changes changes) {
    this.bus = bus;
    this.changes = changes;
  }

  @Override
  public void register(ConsoleRouter console) {
    console.page(FUNCTIONS, Permission.EXTENSIONS_READ, this::functions);
    console.page(FUNCTIONS + "/:function", Permission.EXTENSIONS_CALL, this::callForm);
    console.action(FUNCTIONS + "/:function/call", Permission.EXTENSIONS_CALL, this::call);
  }

  private Future<List<FunctionListing>> findFunctions(ConsoleRequest request) {
    return bus.ask(new ExtensionCommand.ListFunctions(ExtensionPages.name(request)));
  }

  private Future<ConsoleView> functions(ConsoleRequest request) {
    return findFunctions(request)
        .map(
            functions ->
                ExtensionPages.page(
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
                    "Functions of " + ExtensionPages.name(request)));
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
    return ExtensionPages.path(request)
        + "/functions/"
        + function.name()
        + (example == null ? "" : "?args=" + URLEncoder.encode(example, StandardCharsets.UTF_8));
  }

  private static FormView form(ConsoleRequest request, String args, List<String> callers) {
    return new FormView(
        ExtensionPages.path(request) + "/functions/" + request.path("function") + "/call",
        "",
        List.of(
            FormView.Field.of(ARGS, "Arguments", "json", args)
                .hinted("A JSON array with one value for each parameter."),
            FormView.Field.select(CALLER, "Caller", ME, callers)),
        "Call it",
        0,
        ExtensionPages.path(request) + "/functions",
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
            .withNote("It runs on the node that answers. Its changes are real."));
    if (report != null) {
      sections.add(
          Section.text("result", "Result: " + report.outcome(), report.text())
              .withNote("Took " + report.tookMs() + " ms."));
    }
    return ExtensionPages.page(request, "functions", sections, request.path("function"));
  }

  private Future<ConsoleView> call(ConsoleRequest request) {
    return callers().compose(callers -> call(request, callers));
  }

  private Future<ConsoleView> call(ConsoleRequest request, List<String> callers) {
    String name = ExtensionPages.name(request);
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
}

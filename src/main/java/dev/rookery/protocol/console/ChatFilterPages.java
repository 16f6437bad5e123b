package dev.rookery.protocol.console;

import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.chat.Conversation.Kind;
import dev.rookery.chat.FilterCommand;
import dev.rookery.chat.FilterRule;
import dev.rookery.console.Permission;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import dev.rookery.protocol.console.RecordPage.Fact;
import dev.rookery.protocol.console.RecordPage.Section;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The rules of the filter of messages: list, add, edit, delete, and try them on a text. */
final class ChatFilterPages implements ConsoleSection {
  static final String PATH = "/admin/chat/filter";
  private static final String PATTERN = "pattern";
  private static final String ACTION = "action";
  private static final String KIND = "kind";
  private static final String TEXT = "text";
  private static final String TEST = PATH + "/test";
  private static final List<String> ACTIONS =
      Arrays.stream(FilterRule.Action.values()).map(FilterRule.Action::text).toList();
  private static final List<String> KINDS =
      Arrays.stream(Kind.values()).map(ChatPages::name).toList();

  private final Bus bus;
  private final Changes changes;

  ChatFilterPages(Bus bus, Changes changes) {
    this.bus = bus;
    this.changes = changes;
  }

  @Override
  public void register(ConsoleRouter console) {
    console.page(PATH, Permission.CHAT_READ, request -> show(request, testForm(), null));
    console.action(TEST, Permission.CHAT_MODERATE, this::test);
    console.page(PATH + "/new", Permission.CHAT_POLICY, this::createForm);
    console.action(PATH + "/new", Permission.CHAT_POLICY, this::create);
    console.page(PATH + "/:id", Permission.CHAT_POLICY, this::editForm);
    console.action(PATH + "/:id", Permission.CHAT_POLICY, this::edit);
    console.action(PATH + "/:id/delete", Permission.CHAT_POLICY, this::delete);
    console.message("rule-saved", "The rule was saved. All nodes follow it within two seconds.");
    console.message("rule-deleted", "The rule was deleted.");
  }

  private static String path(FilterRule rule) {
    return PATH + "/" + rule.id();
  }

  private Future<ConsoleView> show(
      ConsoleRequest request, FormView form, FilterCommand.@Nullable Trial trial) {
    return bus.ask(new FilterCommand.ListRules())
        .map(
            rules -> {
              var sections = new ArrayList<Section>();
              sections.add(
                  Section.table(
                          "rules", "Rules", table(request, rules), Pager.NONE, "There is no rule.")
                      .withNote(
                          "A rule is words that follow each other; capitals do not matter, and * in"
                              + " a word stands for any characters. A pattern between slashes is a"
                              + " regular expression."));
              if (request.may(Permission.CHAT_MODERATE)) {
                sections.add(Section.form("test", "Try a text", form));
              }
              if (trial != null) {
                sections.add(Section.facts("result", "Result", facts(trial.verdict())));
                sections.add(
                    Section.table(
                        "found",
                        "What was found",
                        found(trial.found()),
                        Pager.NONE,
                        "No rule has found anything."));
              }
              return new RecordPage(
                      List.of(new Link("Chat", "/admin/chat")),
                      List.of(),
                      request.may(Permission.CHAT_POLICY)
                          ? List.of(new Link("New rule", PATH + "/new"))
                          : List.of(),
                      List.of(),
                      List.of(),
                      sections)
                  .render("Filter");
            });
  }

  private static List<Fact> facts(FilterCommand.Verdict verdict) {
    String refused = verdict.refused();
    String flagged = verdict.flagged();
    return List.of(
        Fact.of(
            "The message",
            refused == null ? Cell.badge("is sent", "good") : Cell.badge("is not sent", "bad")),
        Fact.of("Because of", Cell.code(refused == null ? "" : refused)),
        Fact.of("Players see", Cell.text(refused == null ? verdict.text() : "")),
        Fact.of("Flagged by", Cell.code(flagged == null ? "" : flagged)));
  }

  private static ListView found(List<FilterCommand.Found> found) {
    var rows = new ArrayList<Row>();
    for (FilterCommand.Found one : found) {
      rows.add(
          new Row(
              Integer.toString(rows.size() + 1),
              one.text(),
              List.of(
                  Cell.text(one.text()),
                  Cell.code(one.rule().pattern()),
                  Cell.text(one.rule().action().text()))));
    }
    return new ListView(
        "found",
        "What was found",
        List.of(Column.of("Text", 1), Column.of("Pattern", 1), Column.of("Action", 1)),
        rows,
        false);
  }

  private static ListView table(ConsoleRequest request, List<FilterRule> rules) {
    boolean edits = request.may(Permission.CHAT_POLICY);
    var columns =
        List.of(
            Column.of("Pattern", 1),
            Column.of("Action", 1),
            Column.of("In", 2),
            Column.of("Changed by", 3),
            Column.of("Changed", 3));
    var rows = new ArrayList<Row>();
    for (FilterRule rule : rules) {
      rows.add(
          new Row(
              Long.toString(rule.id()),
              rule.pattern(),
              List.of(
                  edits ? Cell.link(rule.pattern(), path(rule)) : Cell.text(rule.pattern()),
                  Cell.text(rule.action().text()),
                  Cell.text(
                      rule.kinds().isEmpty()
                          ? "all conversations"
                          : rule.kinds().stream()
                              .sorted()
                              .map(ChatPages::name)
                              .collect(Collectors.joining(", "))),
                  Cell.player(null, rule.admin().value()),
                  Cell.time(rule.updatedMs())),
              edits ? List.of(new Action("Delete", path(rule) + "/delete", 1)) : List.of()));
    }
    return new ListView("rules", "Rules", columns, rows, false);
  }

  private static List<FormView.Field> testFields() {
    return List.of(
        FormView.Field.select(KIND, "In a conversation of", "lobby", KINDS),
        FormView.Field.of(TEXT, "Text", "textarea", "").hinted("It is not sent to anybody."));
  }

  private static FormView testForm() {
    return new FormView(TEST, "", testFields(), "Try it", 0, "", List.of());
  }

  private Future<ConsoleView> test(ConsoleRequest request) {
    if (!request.may(Permission.CHAT_READ)) {
      return Future.succeededFuture(ConsoleProblem.noPermission(Permission.CHAT_READ).view());
    }
    var typed = new EditForm(request, "", testFields());
    Kind kind = ChatPages.kind(typed.value(KIND)).orElseThrow(() -> Refused.missing("not_found"));
    List<FormView.Field> fields =
        testFields().stream()
            .map(field -> field.typed(typed.value(field.name()), field.read(), List.of()))
            .toList();
    return bus.ask(new FilterCommand.TestText(kind, typed.value(TEXT)))
        .compose(
            trial ->
                show(request, new FormView(TEST, "", fields, "Try it", 0, "", List.of()), trial));
  }

  private static List<FormView.Field> fields(@Nullable FilterRule rule) {
    var fields = new ArrayList<FormView.Field>();
    fields.add(
        FormView.Field.of(PATTERN, "Pattern", "text", rule == null ? "" : rule.pattern())
            .hinted(
                "One or more words, “badword”, “bad*”, “buy gold”, or a regular expression between"
                    + " slashes, “/b[a4]d+/”.")
            .needed());
    fields.add(
        FormView.Field.select(
                ACTION, "Action", rule == null ? "mask" : rule.action().text(), ACTIONS)
            .hinted(
                "refuse: not sent; mask: asterisks in place of the words; flag: sent, and shown in"
                    + " the queue."));
    for (Kind kind : Kind.values()) {
      fields.add(
          FormView.Field.checkbox(
              KIND + "." + ChatPages.name(kind),
              "In " + ChatPages.name(kind) + " conversations",
              rule != null && rule.kinds().contains(kind)));
    }
    return fields;
  }

  private static ConsoleView page(String title, FormView form) {
    return RecordPage.of(
            List.of(new Link("Chat", "/admin/chat"), new Link("Filter", PATH)),
            List.of(
                Section.form("rule", "Rule", form)
                    .withNote("Without a kind of conversation it is for all of them.")))
        .render(title);
  }

  private static FormView form(String path, String revision, @Nullable FilterRule rule) {
    return new FormView(path, revision, fields(rule), "Save the rule", 0, PATH, List.of());
  }

  private Future<ConsoleView> createForm(ConsoleRequest request) {
    return Future.succeededFuture(page("New rule", form(PATH + "/new", "", null)));
  }

  private Future<ConsoleView> create(ConsoleRequest request) {
    return new EditForm(request, "", fields(null))
        .submit(
            form(PATH + "/new", "", null),
            again -> page("New rule", again),
            typed ->
                changes
                    .make(
                        request,
                        new FilterCommand.CreateRule(
                            request.admin().player(),
                            typed.value(PATTERN).strip(),
                            action(typed),
                            kinds(typed),
                            null),
                        "admin_create_chat_filter",
                        "chat/filters",
                        values(typed))
                    .map(_ -> ConsoleView.done(PATH, "rule-saved")));
  }

  private static FilterRule.Action action(EditForm typed) {
    return FilterRule.Action.of(typed.value(ACTION))
        .orElseThrow(() -> Refused.invalid(ACTION, "is none of the choices"));
  }

  private static Set<Kind> kinds(EditForm typed) {
    return Arrays.stream(Kind.values())
        .filter(kind -> typed.flag(KIND + "." + ChatPages.name(kind)))
        .collect(Collectors.toSet());
  }

  private static Map<String, @Nullable Object> values(EditForm typed) {
    return Changes.values(PATTERN, typed.value(PATTERN), ACTION, typed.value(ACTION));
  }

  private Future<FilterRule> find(ConsoleRequest request) {
    return bus.ask(new FilterCommand.FindRule(request.id("id")));
  }

  private static FormView form(FilterRule rule) {
    return form(path(rule), Long.toString(rule.updatedMs()), rule);
  }

  private Future<ConsoleView> editForm(ConsoleRequest request) {
    return find(request).map(rule -> page(rule.pattern(), form(rule)));
  }

  private Future<ConsoleView> edit(ConsoleRequest request) {
    return find(request)
        .compose(
            rule ->
                new EditForm(request, Long.toString(rule.updatedMs()), fields(rule))
                    .submit(
                        form(rule),
                        again -> page(rule.pattern(), again),
                        typed -> save(request, rule, typed),
                        () -> edit(request)));
  }

  private Future<ConsoleView> save(ConsoleRequest request, FilterRule rule, EditForm typed) {
    return changes
        .make(
            request,
            new FilterCommand.UpdateRule(
                request.admin().player(),
                rule.id(),
                typed.expected(),
                typed.value(PATTERN).strip(),
                action(typed),
                kinds(typed)),
            "admin_update_chat_filter",
            "chat/filters/" + rule.id(),
            values(typed))
        .map(_ -> ConsoleView.done(PATH, "rule-saved"));
  }

  private Future<ConsoleView> delete(ConsoleRequest request) {
    long id = request.id("id");
    return Confirmation.level1(
            "Delete the rule?", "Messages with these words are sent again.", "Delete the rule")
        .ask(
            request,
            PATH,
            ConsoleView.done(PATH, "rule-deleted"),
            () ->
                changes.make(
                    request,
                    new FilterCommand.DeleteRule(id),
                    "admin_delete_chat_filter",
                    "chat/filters/" + id));
  }
}

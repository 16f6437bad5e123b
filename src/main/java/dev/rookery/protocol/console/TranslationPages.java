package dev.rookery.protocol.console;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.console.Permission;
import dev.rookery.edge.ChunkedBody;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import dev.rookery.protocol.console.RecordPage.Fact;
import dev.rookery.protocol.console.RecordPage.Section;
import dev.rookery.translation.TranslatedText;
import dev.rookery.translation.TranslatedText.Status;
import dev.rookery.translation.TranslationCommand;
import dev.rookery.translation.TranslationCommand.Completeness;
import dev.rookery.translation.TranslationCommand.DomainCount;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The texts of pages and emails in all languages: how complete each language is, browse, edit in
 * place, return to the catalogue, and download the catalogue.
 */
final class TranslationPages implements ConsoleSection {
  private static final String PATH = "/admin/translations";
  private static final String LANGUAGE = "language";
  private static final String TEXT = PATH + "/:language/:id";
  private static final String FORM = "form_";
  private static final String FORMS = "forms";
  private static final List<SearchQuery.Key> KEYS =
      List.of(
          SearchQuery.Key.of("domain", "pages, errors or email"),
          SearchQuery.Key.of("is", "translated, edited, missing or fuzzy"));

  private final Bus bus;
  private final Changes changes;

  TranslationPages(Bus bus, Changes changes) {
    this.bus = bus;
    this.changes = changes;
  }

  @Override
  public void register(ConsoleRouter console) {
    console.menu(
        new MenuEntry(
            MenuEntry.Group.SETTINGS, "Translations", PATH, null, Permission.TRANSLATIONS_READ));
    console.page(PATH, Permission.TRANSLATIONS_READ, this::languages);
    console.page(PATH + "/:language", Permission.TRANSLATIONS_READ, this::list);
    console.page(PATH + "/:language/catalogue", Permission.TRANSLATIONS_READ, this::export);
    console.page(TEXT, Permission.TRANSLATIONS_READ, this::show);
    console.action(TEXT, Permission.TRANSLATIONS_EDIT, this::save);
    console.action(TEXT + "/reset", Permission.TRANSLATIONS_EDIT, this::reset);
    console.message("text-saved", "The text was saved. All nodes show it within two seconds.");
    console.message("text-reset", "The text of the catalogue is shown again.");
  }

  private Future<ConsoleView> languages(ConsoleRequest request) {
    return bus.ask(new TranslationCommand.ListLanguages()).map(TranslationPages::languages);
  }

  private static ConsoleView languages(List<Completeness> languages) {
    var columns = new ArrayList<Column>();
    columns.add(Column.of("Language", 1));
    columns.add(Column.of("Tag", 2));
    languages.getFirst().domains().forEach(domain -> columns.add(Column.of(domain.domain(), 1)));
    columns.add(Column.of("Edited", 2));
    columns.add(Column.of("Catalogue", 3));
    var rows = new ArrayList<Row>();
    for (Completeness one : languages) {
      String tag = one.language().tag();
      var cells = new ArrayList<Cell>();
      cells.add(Cell.link(one.language().name(), PATH + "/" + tag));
      cells.add(Cell.code(tag));
      one.domains().forEach(domain -> cells.add(Cell.text(part(domain))));
      cells.add(Cell.number(one.domains().stream().mapToLong(DomainCount::edited).sum()));
      cells.add(Cell.link("Download", PATH + "/" + tag + "/catalogue"));
      rows.add(new Row(tag, one.language().name(), cells));
    }
    return new RecordPage(
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(
                Section.table(
                        "languages",
                        "Languages",
                        new ListView("languages", "Languages", columns, rows, false),
                        Pager.NONE,
                        "No languages")
                    .withNote(
                        "The share of texts that are shown in the language; the others are shown in"
                            + " English.")))
        .render("Translations");
  }

  private static String part(DomainCount domain) {
    return String.format(
        Locale.ENGLISH,
        "%d %% (%d of %d)",
        domain.texts() == 0 ? 100 : 100 * domain.translated() / domain.texts(),
        domain.translated(),
        domain.texts());
  }

  private Future<ConsoleView> list(ConsoleRequest request) {
    ListRequest list = ListRequest.of(request, KEYS, true, List.of());
    SearchQuery search = list.search();
    String status = search.value("is");
    Status wanted = status == null ? null : status(status);
    if (status != null && wanted == null) {
      list = withProblem(list, "There is no status “" + status + "”.");
    }
    String language = request.path(LANGUAGE);
    ListRequest asked = list;
    if (!asked.search().isValid()) {
      return Future.succeededFuture(page(language, asked, List.of(), 0));
    }
    var filter = new TranslationCommand.Filter(search.value("domain"), wanted, search.words());
    return bus.ask(new TranslationCommand.ListTexts(language, filter, asked.page()))
        .map(found -> page(language, asked, found.items(), found.total()));
  }

  private static @Nullable Status status(String text) {
    for (Status status : Status.values()) {
      if (status.text().equals(text)) {
        return status;
      }
    }
    return null;
  }

  private static ListRequest withProblem(ListRequest list, String problem) {
    return new ListRequest(
        list.path(),
        list.search().withProblem(problem),
        list.sort(),
        list.size(),
        list.after(),
        list.before(),
        list.number(),
        list.exact());
  }

  private static ConsoleView page(
      String language, ListRequest list, List<TranslatedText> found, long total) {
    var columns =
        List.of(
            Column.of("English", 1),
            Column.of("Shown", 1),
            Column.of("Domain", 3),
            Column.of("Status", 2),
            Column.of("Edited", 3));
    var rows = new ArrayList<Row>();
    for (TranslatedText text : found) {
      String path = path(text);
      rows.add(
          new Row(
              text.id(),
              text.text(),
              List.of(
                  Cell.link(text.text(), path),
                  Cell.text(String.join(" · ", text.forms())),
                  Cell.text(text.domain()),
                  badge(text.status()),
                  text.updatedMs() == 0 ? Cell.text("–") : Cell.time(text.updatedMs())),
              List.of()));
    }
    return new ListPage(
            ListPage.Search.of(list, KEYS, "Part of the English text or of the translation"),
            new ListView("list", "Texts", columns, rows, false),
            list.pager(total),
            "No texts",
            "Nothing matches. Remove a filter.",
            List.of(),
            List.of(
                new Link("All languages", PATH),
                new Link("Download the catalogue", PATH + "/" + language + "/catalogue")),
            List.of())
        .render("Translations: " + language);
  }

  private static String path(TranslatedText text) {
    return PATH + "/" + text.language() + "/" + text.id();
  }

  private static Cell badge(Status status) {
    return Cell.badge(
        status.text(),
        switch (status) {
          case TRANSLATED -> "good";
          case EDITED -> "info";
          case MISSING, FUZZY -> "warn";
        });
  }

  private Future<ConsoleView> export(ConsoleRequest request) {
    String language = request.path(LANGUAGE);
    return bus.ask(new TranslationCommand.ExportCatalogue(language))
        .compose(
            catalogue ->
                ChunkedBody.of(
                    (@Nullable String _) -> Future.succeededFuture(catalogue),
                    Function.identity(),
                    _ -> null))
        .map(
            content ->
                new ConsoleView.Download(
                    language + ".po", "text/x-gettext-translation; charset=utf-8", content));
  }

  private Future<TranslatedText> find(ConsoleRequest request) {
    return bus.ask(new TranslationCommand.FindText(request.path(LANGUAGE), request.path("id")));
  }

  private Future<ConsoleView> show(ConsoleRequest request) {
    return find(request).map(text -> page(request, text, form(text)));
  }

  private static List<FormView.Field> fields(TranslatedText text) {
    var fields = new ArrayList<FormView.Field>();
    int count = Math.max(1, text.forms().size());
    for (int form = 0; form < count; form++) {
      String value = text.forms().isEmpty() ? "" : text.forms().get(form);
      String label = text.plural() == null ? "Text" : "Plural form " + form;
      fields.add(FormView.Field.of(FORM + form, label, "textarea", value).needed());
    }
    return fields;
  }

  private static FormView form(TranslatedText text) {
    return new FormView(
        path(text),
        Long.toString(text.revision()),
        fields(text),
        "Save",
        0,
        PATH + "/" + text.language(),
        List.of());
  }

  private static ConsoleView page(ConsoleRequest request, TranslatedText text, FormView form) {
    boolean edits = request.may(Permission.TRANSLATIONS_EDIT);
    var facts = new ArrayList<Fact>();
    facts.add(Fact.of("English", Cell.text(text.text())));
    if (text.plural() != null) {
      facts.add(Fact.of("English, many", Cell.text(text.plural())));
    }
    facts.add(Fact.of("Catalogue", Cell.text(String.join(" · ", text.catalogue()))));
    facts.add(Fact.of("Domain", Cell.text(text.domain())));
    facts.add(Fact.of("Status", badge(text.status())));
    var sections = new ArrayList<Section>();
    sections.add(Section.facts("text", "Text", facts));
    if (edits) {
      sections.add(
          Section.form("edit", "What is shown", form)
              .withNote("Words in braces, as in {name}, stand for values, and stay as they are."));
    } else {
      sections.add(Section.text("shown", "What is shown", String.join("\n", text.forms())));
    }
    return new RecordPage(
            List.of(
                new Link("Translations", PATH),
                new Link(text.language(), PATH + "/" + text.language())),
            List.of(),
            List.of(),
            edits && text.status() == Status.EDITED
                ? List.of(new Action("Use the catalogue…", path(text) + "/reset", 1))
                : List.of(),
            List.of(),
            sections)
        .render("Translation");
  }

  private Future<ConsoleView> save(ConsoleRequest request) {
    return find(request)
        .compose(
            text ->
                new EditForm(request, Long.toString(text.revision()), fields(text))
                    .submit(
                        form(text),
                        again -> page(request, text, again),
                        typed -> save(request, text, typed),
                        () -> save(request)));
  }

  private Future<ConsoleView> save(ConsoleRequest request, TranslatedText text, EditForm typed) {
    List<String> forms =
        fields(text).stream().map(field -> typed.value(field.name()).strip()).toList();
    return changes
        .make(
            request,
            new TranslationCommand.EditText(text.language(), text.id(), forms, typed.expected()),
            "admin_edit_translation",
            "translations/" + text.language() + "/" + text.id(),
            Changes.values("text", text.text(), FORMS, forms))
        .recover(TranslationPages::atFirstField)
        .map(_ -> ConsoleView.done(path(text), "text-saved"));
  }

  /** The command names the forms as one field. */
  private static <T> Future<T> atFirstField(Throwable failure) {
    return Future.failedFuture(
        failure instanceof Refused refused
                && refused.refusal() instanceof Refusal.Invalid(_, var fields)
                && fields.containsKey(FORMS)
            ? Refused.invalid(FORM + 0, String.join(", ", fields.get(FORMS)))
            : failure);
  }

  private Future<ConsoleView> reset(ConsoleRequest request) {
    return find(request)
        .compose(
            text ->
                Confirmation.level1(
                        "Use the text of the catalogue?",
                        "The text that was edited here is gone.",
                        "Use the catalogue")
                    .ask(request, path(text), () -> reset(request, text)));
  }

  private Future<ConsoleView> reset(ConsoleRequest request, TranslatedText text) {
    return changes
        .make(
            request,
            new TranslationCommand.ResetText(text.language(), text.id()),
            "admin_reset_translation",
            "translations/" + text.language() + "/" + text.id())
        .map(_ -> ConsoleView.done(path(text), "text-reset"));
  }
}

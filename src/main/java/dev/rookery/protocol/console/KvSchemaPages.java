package dev.rookery.protocol.console;

import dev.rookery.bus.Bus;
import dev.rookery.console.Permission;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import dev.rookery.protocol.console.RecordPage.Section;
import dev.rookery.storage.KeySchema;
import dev.rookery.storage.SchemaCommand;
import dev.rookery.storage.SchemaCommand.Examination;
import dev.rookery.storage.SchemaCommand.UnfitObject;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The schemas of key-value entries: list, create, edit, check the entries that are there, delete.
 */
final class KvSchemaPages implements ConsoleSection {
  static final String PATH = KvPages.PATH + "/schemas";
  private static final String SCHEMA = PATH + "/:id";
  private static final String PATTERN = "pattern";
  private static final String CONTENT = "schema";
  private static final String ENFORCED = "enforced";
  private static final String EXAMPLE =
      """
      {
        "type": "object",
        "properties": {
          "level": { "type": "integer", "minimum": 1 }
        },
        "required": ["level"]
      }
      """;

  private final Bus bus;
  private final Changes changes;

  KvSchemaPages(Bus bus, Changes changes) {
    this.bus = bus;
    this.changes = changes;
  }

  @Override
  public void register(ConsoleRouter console) {
    console.page(PATH, Permission.KV_READ, this::list);
    console.page(PATH + "/new", Permission.KV_SCHEMA, this::createForm);
    console.action(PATH + "/new", Permission.KV_SCHEMA, this::create);
    console.page(SCHEMA, Permission.KV_READ, this::show);
    console.action(SCHEMA, Permission.KV_SCHEMA, this::save);
    console.action(SCHEMA + "/delete", Permission.KV_SCHEMA, this::delete);
    console.message("schema-saved", "The schema was saved. All nodes use it within two seconds.");
    console.message("schema-deleted", "The schema was deleted. The entries stay as they are.");
  }

  static String path(long id) {
    return PATH + "/" + id;
  }

  private Future<ConsoleView> list(ConsoleRequest request) {
    ListRequest list = ListRequest.of(request, List.of(), false, List.of());
    return bus.ask(new SchemaCommand.ListSchemas(KvPages.COLLECTION))
        .map(found -> page(request, list, found));
  }

  private static ConsoleView page(
      ConsoleRequest request, ListRequest list, List<KeySchema> schemas) {
    var columns =
        List.of(
            Column.of("Keys", 1),
            Column.of("Writes that do not fit", 1),
            Column.of("Revision", 3),
            Column.of("Updated", 2));
    var rows = new ArrayList<Row>();
    for (KeySchema schema : schemas) {
      rows.add(
          new Row(
              Long.toString(schema.id()),
              schema.pattern(),
              List.of(
                  Cell.link(schema.pattern(), path(schema.id())),
                  enforced(schema),
                  Cell.number(schema.revision()),
                  Cell.time(schema.updatedMs()))));
    }
    return new ListPage(
            ListPage.Search.of(list, List.of(), ""),
            new ListView("list", "Schemas", columns, rows, false),
            new Pager(Pager.exactly(rows.size()), "", "", "", ""),
            "No schemas",
            "A schema says what the values of keys look like. The editor uses it, and writes can be"
                + " refused that do not fit.",
            List.of(),
            request.may(Permission.KV_SCHEMA)
                ? List.of(new Link("Entries", KvPages.PATH), new Link("New schema", PATH + "/new"))
                : List.of(new Link("Entries", KvPages.PATH)),
            List.of())
        .render("Schemas of key-value entries");
  }

  static Cell enforced(KeySchema schema) {
    return schema.enforced() ? Cell.badge("refused", "info") : Cell.text("allowed");
  }

  private static List<FormView.Field> fields(@Nullable KeySchema schema) {
    return List.of(
        FormView.Field.of(PATTERN, "Keys", "text", schema == null ? "" : schema.pattern())
            .needed()
            .hinted(
                "A key, or the beginning of keys with a * at its end: season.*. Of several schemas"
                    + " for a key, the most specific one is used."),
        FormView.Field.of(
                CONTENT, "JSON Schema", "json", schema == null ? EXAMPLE : schema.content())
            .hinted("Of the draft 2020-12. It refers to itself alone."),
        FormView.Field.checkbox(
            ENFORCED, "Refuse writes that do not fit", schema != null && schema.enforced()));
  }

  private static FormView form(@Nullable KeySchema schema) {
    return new FormView(
        schema == null ? PATH + "/new" : path(schema.id()),
        schema == null ? "" : Long.toString(schema.revision()),
        fields(schema),
        "Save the schema",
        0,
        PATH,
        List.of());
  }

  private Future<ConsoleView> createForm(ConsoleRequest request) {
    return Future.succeededFuture(createPage(form(null)));
  }

  private static ConsoleView createPage(FormView form) {
    return RecordPage.of(
            List.of(new Link("Key-value", KvPages.PATH), new Link("Schemas", PATH)),
            List.of(Section.form("new", "New schema", form)))
        .render("New schema");
  }

  private Future<ConsoleView> create(ConsoleRequest request) {
    return new EditForm(request, "", fields(null))
        .submit(form(null), KvSchemaPages::createPage, typed -> save(request, null, typed));
  }

  private Future<KeySchema> find(ConsoleRequest request) {
    return bus.ask(new SchemaCommand.FindSchema(KvPages.COLLECTION, request.id("id")));
  }

  private Future<ConsoleView> show(ConsoleRequest request) {
    boolean examines = request.query("examine").equals("yes");
    return find(request)
        .compose(
            schema ->
                examines
                    ? bus.ask(new SchemaCommand.ExamineObjects(KvPages.COLLECTION, schema.id()))
                        .map(found -> page(request, schema, form(schema), found))
                    : Future.succeededFuture(page(request, schema, form(schema), null)));
  }

  private static ConsoleView page(
      ConsoleRequest request, KeySchema schema, FormView form, @Nullable Examination found) {
    boolean edits = request.may(Permission.KV_SCHEMA);
    var sections = new ArrayList<Section>();
    if (found != null) {
      sections.add(examination(found));
    }
    sections.add(
        edits
            ? Section.form("edit", "Schema", form)
            : Section.text("schema", "Schema", schema.content()));
    return new RecordPage(
            List.of(new Link("Key-value", KvPages.PATH), new Link("Schemas", PATH)),
            List.of(enforced(schema)),
            List.of(new Link("Check the entries", path(schema.id()) + "?examine=yes")),
            edits ? List.of(new Action("Delete…", path(schema.id()) + "/delete", 1)) : List.of(),
            List.of(),
            sections)
        .render(schema.pattern());
  }

  private static Section examination(Examination found) {
    var columns =
        List.of(Column.of("Key", 1), Column.of("Where", 1), Column.of("What does not fit", 1));
    var rows = new ArrayList<Row>();
    for (UnfitObject unfit : found.listed()) {
      rows.add(
          new Row(
              Integer.toString(rows.size()),
              unfit.name().key(),
              List.of(
                  Cell.link(unfit.name().key(), KvPages.path("/entry", unfit.name())),
                  Cell.code(unfit.problem().path().isEmpty() ? "/" : unfit.problem().path()),
                  Cell.text(unfit.problem().message()))));
    }
    return Section.table(
            "examination",
            "Entries that do not fit",
            new ListView("examination", "Entries that do not fit", columns, rows, false),
            Pager.NONE,
            found.examined() == 0
                ? "No entry of these keys is among the newest that were checked."
                : "All of them fit.")
        .withNote(
            found.unfit()
                + " of "
                + found.examined()
                + " entries do not fit. Looked at are the newest "
                + SchemaCommand.ExamineObjects.EXAMINED_MAX
                + " at most.");
  }

  private Future<ConsoleView> save(ConsoleRequest request) {
    return find(request)
        .compose(
            schema ->
                new EditForm(request, Long.toString(schema.revision()), fields(schema))
                    .submit(
                        form(schema),
                        again -> page(request, schema, again, null),
                        typed -> save(request, schema, typed),
                        () -> save(request)));
  }

  private Future<ConsoleView> save(
      ConsoleRequest request, @Nullable KeySchema schema, EditForm typed) {
    String pattern = typed.value(PATTERN).strip();
    var put =
        new SchemaCommand.PutSchema(
            KvPages.COLLECTION,
            schema == null ? null : schema.id(),
            pattern,
            typed.value(CONTENT).strip(),
            typed.flag(ENFORCED),
            schema == null ? null : typed.expected());
    return changes
        .make(
            request,
            put,
            schema == null ? "admin_create_kv_schema" : "admin_update_kv_schema",
            "kv/schemas" + (schema == null ? "" : "/" + schema.id()),
            Changes.values(PATTERN, pattern, ENFORCED, put.enforced(), CONTENT, put.content()))
        .map(stored -> ConsoleView.done(path(stored.id()), "schema-saved"));
  }

  private Future<ConsoleView> delete(ConsoleRequest request) {
    long id = request.id("id");
    return Confirmation.level1(
            "Delete the schema?",
            "Values of its keys are not checked any more. The entries stay as they are.",
            "Delete the schema")
        .ask(
            request,
            path(id),
            ConsoleView.done(PATH, "schema-deleted"),
            () ->
                changes.make(
                    request,
                    new SchemaCommand.DeleteSchema(KvPages.COLLECTION, id),
                    "admin_delete_kv_schema",
                    "kv/schemas/" + id));
  }
}

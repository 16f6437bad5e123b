package dev.rookery.protocol.console;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.console.Permission;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.RecordPage.Fact;
import dev.rookery.protocol.console.RecordPage.Section;
import dev.rookery.protocol.console.RecordPage.Tab;
import dev.rookery.storage.Asker;
import dev.rookery.storage.Change;
import dev.rookery.storage.Condition;
import dev.rookery.storage.KeySchema;
import dev.rookery.storage.ObjectName;
import dev.rookery.storage.SchemaCommand;
import dev.rookery.storage.SchemaProblem;
import dev.rookery.storage.StorageCommand;
import dev.rookery.storage.StoredObject;
import dev.rookery.storage.StoredObject.WriteAccess;
import dev.rookery.storage.Written;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Key-value entries: read, create, edit over the version that was read. Values are shown and stored
 * as they were written, never reprinted.
 */
final class KvPages implements ConsoleSection {
  static final String COLLECTION = "kv";
  static final String PATH = "/admin/kv";
  private static final String KEY = "key";
  private static final String USER = "user_id";
  private static final String LOBBY = "lobby_id";
  static final String VALUE = "value";
  private static final String METADATA = "metadata";
  private static final String PLAYER_WRITES = "player_write";
  static final String SHOW = "/entry";
  static final String EDIT = "/edit";
  static final String FORM = "/form";
  private static final String DIFF = "/diff";
  private final Bus bus;
  private final Changes changes;

  KvPages(Bus bus, Changes changes) {
    this.bus = bus;
    this.changes = changes;
  }

  @Override
  public void register(ConsoleRouter console) {
    console.page(PATH + SHOW, Permission.KV_READ, this::show);
    console.page(PATH + "/new", Permission.KV_EDIT, this::createForm);
    console.action(PATH + "/new", Permission.KV_EDIT, this::create);
    console.page(PATH + EDIT, Permission.KV_EDIT, this::edit);
    console.action(PATH + EDIT, Permission.KV_EDIT, this::save);
    console.action(PATH + DIFF, Permission.KV_EDIT, this::compare);
    console.message("entry-saved", "The entry was saved.");
    console.message("entry-created", "The entry was created.");
  }

  static String size(String value) {
    int bytes = value.getBytes(StandardCharsets.UTF_8).length;
    return bytes < 1_024
        ? bytes + " B"
        : String.format(Locale.ENGLISH, "%.1f KiB", bytes / 1_024.0);
  }

  static Cell scope(ObjectName name) {
    if (name.isGlobal()) {
      return Cell.text("global");
    }
    PlayerId owner = name.owner();
    LobbyId lobby = name.lobby();
    if (owner == null) {
      return Cell.link(
          "lobby " + lobby, LobbyPages.PATH + "/" + (lobby == null ? 0 : lobby.value()));
    }
    String text = "player " + owner.value() + (lobby == null ? "" : " in lobby " + lobby.value());
    return Cell.link(text, PlayerListPages.PATH + "/" + owner.value());
  }

  /** The address of a page about an entry, by its name, which stays when it is written again. */
  static String path(String page, ObjectName name) {
    PlayerId owner = name.owner();
    LobbyId lobby = name.lobby();
    return PATH
        + page
        + "?key="
        + URLEncoder.encode(name.key(), StandardCharsets.UTF_8)
        + (owner == null ? "" : "&user_id=" + owner.value())
        + (lobby == null ? "" : "&lobby_id=" + lobby.value());
  }

  static ObjectName name(ConsoleRequest request) {
    Long user = SearchQuery.parse(request.query(USER));
    Long lobby = SearchQuery.parse(request.query(LOBBY));
    return new ObjectName(
        COLLECTION,
        request.query(KEY),
        user == null ? null : new PlayerId(user),
        lobby == null ? null : new LobbyId(lobby));
  }

  static Asker asker(ConsoleRequest request) {
    return new Asker(request.admin().player(), true);
  }

  private Future<ConsoleView> show(ConsoleRequest request) {
    return found(request)
        .compose(
            found ->
                bus.ask(
                        new SchemaCommand.CheckValue(
                            COLLECTION, found.entry.name().key(), found.entry.value()))
                    .map(problems -> show(request, found.entry, found.schema, problems)));
  }

  /** An entry with the schema of its key. */
  private record Found(StoredObject entry, Optional<KeySchema> schema) {}

  private Future<Found> found(ConsoleRequest request) {
    ObjectName name = name(request);
    var schema = bus.ask(new SchemaCommand.FindByKey(COLLECTION, name.key()));
    var entry = bus.ask(new StorageCommand.Read(name, asker(request)));
    return Future.all(schema, entry).map(_ -> new Found(entry.result(), schema.result()));
  }

  private static ConsoleView show(
      ConsoleRequest request,
      StoredObject entry,
      Optional<KeySchema> schema,
      List<SchemaProblem> problems) {
    var facts =
        List.of(
            Fact.of("Key", Cell.code(entry.name().key())),
            Fact.of("Scope", scope(entry.name())),
            Fact.of("Id", Cell.code(Long.toString(entry.id()))),
            Fact.of("Version", Cell.code(entry.version())),
            Fact.of("Size", Cell.text(size(entry.value()))),
            Fact.of(
                "Players may write it",
                Cell.text(entry.writeAccess() == WriteAccess.OWNER ? "yes" : "no")),
            Fact.of("Created", Cell.time(entry.createdMs())),
            Fact.of("Updated", Cell.time(entry.updatedMs())));
    var sections = new ArrayList<Section>();
    sections.add(Section.facts("entry", "Entry", facts));
    if (!problems.isEmpty()) {
      sections.add(
          Section.text(
              "problems",
              "What does not fit its schema",
              problems.stream().map(SchemaProblem::toString).collect(Collectors.joining("\n"))));
    }
    sections.add(Section.text("value", "Value", entry.value()));
    sections.add(Section.text("metadata", "Metadata", entry.metadata()));
    return record(request, entry, schema, SHOW, sections);
  }

  static ConsoleView record(
      ConsoleRequest request,
      StoredObject entry,
      Optional<KeySchema> schema,
      String current,
      List<Section> sections) {
    boolean edits = request.may(Permission.KV_EDIT);
    return new RecordPage(
            List.of(new Link("Key-value", PATH)),
            schema.map(KvSchemaPages::enforced).stream().toList(),
            schema
                .map(one -> new Link("Schema " + one.pattern(), KvSchemaPages.path(one.id())))
                .stream()
                .toList(),
            edits
                ? List.of(new Action("Delete…", PATH + "/" + entry.id() + "/delete", 1))
                : List.of(),
            tabs(request, entry.name(), schema, current),
            sections)
        .render(entry.name().key());
  }

  private static List<Tab> tabs(
      ConsoleRequest request, ObjectName name, Optional<KeySchema> schema, String current) {
    var tabs = new ArrayList<Tab>();
    tabs.add(tab("Entry", path(SHOW, name), current.equals(SHOW)));
    if (request.may(Permission.KV_EDIT)) {
      if (schema.map(one -> new SchemaForm(one.content()).hasFields()).orElse(false)) {
        tabs.add(tab("Form", path(FORM, name), current.equals(FORM)));
      }
      tabs.add(tab("JSON", path(EDIT, name), current.equals(EDIT)));
    }
    if (request.may(Permission.AUDIT_READ)) {
      String target = URLEncoder.encode("target:kv/" + name.key(), StandardCharsets.UTF_8);
      tabs.add(tab("History", "/admin/audit?q=" + target, false));
    }
    return tabs;
  }

  private static Tab tab(String text, String href, boolean current) {
    return new Tab(text, href, current);
  }

  private static FormView.Field value(String key, String text, Optional<KeySchema> schema) {
    var field = FormView.Field.of(VALUE, "Value", "json", text).hinted("A JSON object.");
    return schema
        .map(
            one ->
                field.edited(
                    KvFormPages.CHECK + "?key=" + URLEncoder.encode(key, StandardCharsets.UTF_8),
                    new SchemaForm(one.content()).words()))
        .orElse(field);
  }

  private static List<FormView.Field> fields(StoredObject entry, Optional<KeySchema> schema) {
    return List.of(
        value(entry.name().key(), entry.value(), schema),
        FormView.Field.of(METADATA, "Metadata", "json", entry.metadata()),
        FormView.Field.checkbox(
            PLAYER_WRITES, "Its player may write it", entry.writeAccess() == WriteAccess.OWNER));
  }

  private static FormView form(StoredObject entry, Optional<KeySchema> schema) {
    return new FormView(
        path(EDIT, entry.name()),
        entry.version(),
        fields(entry, schema),
        "Save",
        0,
        path(SHOW, entry.name()),
        List.of(),
        List.of(new Link("Difference", path(DIFF, entry.name()))));
  }

  private Future<ConsoleView> edit(ConsoleRequest request) {
    return found(request)
        .map(
            found -> editPage(request, found.entry, found.schema, form(found.entry, found.schema)));
  }

  private static ConsoleView editPage(
      ConsoleRequest request, StoredObject entry, Optional<KeySchema> schema, FormView form) {
    return record(request, entry, schema, EDIT, List.of(Section.form("edit", "Edit", form)));
  }

  private Future<ConsoleView> save(ConsoleRequest request) {
    return found(request)
        .compose(
            found ->
                new EditForm(request, found.entry.version(), fields(found.entry, found.schema))
                    .submit(
                        form(found.entry, found.schema),
                        again -> editPage(request, found.entry, found.schema, again),
                        typed -> save(request, found.entry, typed)));
  }

  /** Shows what was typed with what it changes; saves nothing. */
  private Future<ConsoleView> compare(ConsoleRequest request) {
    return found(request)
        .map(
            found -> {
              StoredObject entry = found.entry;
              var typed = new EditForm(request, entry.version(), fields(entry, found.schema));
              String changes =
                  String.join(
                      "\n",
                      LineDiff.of(
                          SchemaForm.pretty(entry.value()), SchemaForm.pretty(typed.value(VALUE))));
              return record(
                  request,
                  entry,
                  found.schema,
                  EDIT,
                  List.of(
                      Section.text("difference", "What saving would change of the value", changes),
                      Section.form("edit", "Edit", typed.shown(form(entry, found.schema)))));
            });
  }

  /** Over the version that was read, so that a change in between is refused by the store. */
  private Future<ConsoleView> save(ConsoleRequest request, StoredObject entry, EditForm typed) {
    var put = put(entry.name(), typed, new Condition.Present(Set.of(entry.version())));
    return write(changes, request, put, "admin_update_kv_entry")
        .recover(KvPages::atValue)
        .map(_ -> ConsoleView.done(path(SHOW, entry.name()), "entry-saved"));
  }

  static Future<List<Written>> write(
      Changes changes, ConsoleRequest request, Change.Put put, String action) {
    ObjectName name = put.name();
    return changes.make(
        request,
        new StorageCommand.Write(asker(request), List.of(put), false, null),
        action,
        "kv/" + name.key(),
        Changes.values(
            KEY, name.key(),
            USER, name.owner() == null ? null : name.owner().value(),
            LOBBY, name.lobby() == null ? null : name.lobby().value()));
  }

  private static Change.Put put(ObjectName name, EditForm typed, Condition condition) {
    return new Change.Put(
        name,
        json(typed, VALUE),
        json(typed, METADATA),
        null,
        typed.flag(PLAYER_WRITES) ? WriteAccess.OWNER : WriteAccess.NOBODY,
        condition);
  }

  /** The command calls the value data. */
  private static <T> Future<T> atValue(Throwable failure) {
    return Future.failedFuture(
        failure instanceof Refused refused
                && refused.refusal() instanceof Refusal.Invalid(_, var fields)
                && fields.containsKey("data")
            ? Refused.invalid(VALUE, String.join(", ", fields.get("data")))
            : failure);
  }

  /** The text as it was typed, once it is known to be an object. */
  private static String json(EditForm typed, String field) {
    Map<String, Object> object = typed.object(field);
    String text = typed.value(field).strip();
    return text.isEmpty() ? new JsonObject(object).encode() : text;
  }

  private static List<FormView.Field> newFields() {
    return List.of(
        FormView.Field.of(KEY, "Key", "text", "").needed(),
        FormView.Field.of(USER, "Id of the player who owns it", "number", "")
            .hinted("Empty for an entry of no player."),
        FormView.Field.of(LOBBY, "Id of its lobby", "number", "")
            .hinted("Empty for an entry of no lobby."),
        FormView.Field.of(VALUE, "Value", "json", "{}").hinted("A JSON object."),
        FormView.Field.of(METADATA, "Metadata", "json", "{}"),
        FormView.Field.checkbox(PLAYER_WRITES, "Its player may write it", true));
  }

  private static FormView newForm() {
    return new FormView(PATH + "/new", "", newFields(), "Create the entry", 0, PATH, List.of());
  }

  private static ConsoleView createPage(FormView form) {
    return RecordPage.of(
            List.of(new Link("Key-value", PATH)), List.of(Section.form("new", "New entry", form)))
        .render("New entry");
  }

  private Future<ConsoleView> createForm(ConsoleRequest request) {
    return Future.succeededFuture(createPage(newForm()));
  }

  private Future<ConsoleView> create(ConsoleRequest request) {
    return new EditForm(request, "", newFields())
        .submit(
            newForm(),
            KvPages::createPage,
            typed -> {
              Long user = typed.number(USER);
              Long lobby = typed.number(LOBBY);
              var name =
                  new ObjectName(
                      COLLECTION,
                      typed.value(KEY),
                      user == null ? null : new PlayerId(user),
                      lobby == null ? null : new LobbyId(lobby));
              return write(
                      changes, request, put(name, typed, Condition.ABSENT), "admin_create_kv_entry")
                  .recover(KvPages::taken)
                  .recover(KvPages::atValue)
                  .map(_ -> ConsoleView.done(path(SHOW, name), "entry-created"));
            });
  }

  private static <T> Future<T> taken(Throwable failure) {
    boolean exists =
        failure instanceof Refused refused
            && refused.refusal() instanceof Refusal.Conflict(var code)
            && code.equals("version_conflict");
    return Future.failedFuture(exists ? Refused.invalid(KEY, "has already been taken") : failure);
  }
}

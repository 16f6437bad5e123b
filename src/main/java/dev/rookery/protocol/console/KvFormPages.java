package dev.rookery.protocol.console;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.console.Permission;
import dev.rookery.protocol.console.RecordPage.Section;
import dev.rookery.storage.Change;
import dev.rookery.storage.Condition;
import dev.rookery.storage.KeySchema;
import dev.rookery.storage.ObjectName;
import dev.rookery.storage.SchemaCommand;
import dev.rookery.storage.StorageCommand;
import dev.rookery.storage.StoredObject;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Key-value entries whose keys have a schema: a form with a field for each property, and what the
 * editor of JSON asks while somebody types.
 */
final class KvFormPages implements ConsoleSection {
  static final String CHECK = KvPages.PATH + "/check";
  private static final String PATH = KvPages.PATH + KvPages.FORM;

  private final Bus bus;
  private final Changes changes;

  KvFormPages(Bus bus, Changes changes) {
    this.bus = bus;
    this.changes = changes;
  }

  /** An entry, and the form of its schema. */
  private record Found(StoredObject entry, KeySchema schema, SchemaForm form) {
    List<FormView.Field> fields() {
      return form.fields(entry.value());
    }

    FormView view() {
      return new FormView(
          KvPages.path(KvPages.FORM, entry.name()),
          entry.version(),
          fields(),
          "Save",
          0,
          KvPages.path(KvPages.SHOW, entry.name()),
          List.of());
    }
  }

  @Override
  public void register(ConsoleRouter console) {
    console.page(PATH, Permission.KV_EDIT, this::edit);
    console.action(PATH, Permission.KV_EDIT, this::save);
    console.action(CHECK, Permission.KV_EDIT, this::check);
  }

  /** {@code Missing} if the key has no schema that a form can be made of. */
  private Future<Found> find(ConsoleRequest request) {
    ObjectName name = KvPages.name(request);
    var schema = bus.ask(new SchemaCommand.FindByKey(KvPages.COLLECTION, name.key()));
    var entry = bus.ask(new StorageCommand.Read(name, KvPages.asker(request)));
    return Future.all(schema, entry)
        .map(
            _ -> {
              KeySchema found =
                  schema.result().orElseThrow(() -> Refused.missing("page_not_found"));
              var form = new SchemaForm(found.content());
              if (!form.hasFields()) {
                throw Refused.missing("page_not_found");
              }
              return new Found(entry.result(), found, form);
            });
  }

  private Future<ConsoleView> edit(ConsoleRequest request) {
    return find(request).map(found -> page(request, found, found.view()));
  }

  private static ConsoleView page(ConsoleRequest request, Found found, FormView form) {
    return KvPages.record(
        request,
        found.entry,
        Optional.of(found.schema),
        KvPages.FORM,
        List.of(
            Section.form("form", "Value", form)
                .withNote(
                    "The value is written anew. The tab JSON keeps the text as it was typed.")));
  }

  private Future<ConsoleView> save(ConsoleRequest request) {
    return find(request)
        .compose(
            found ->
                new EditForm(request, found.entry.version(), found.fields())
                    .submit(
                        found.view(),
                        again -> page(request, found, again),
                        typed -> save(request, found, typed)));
  }

  /** Over the version that was read, so that a change in between is refused by the store. */
  private Future<ConsoleView> save(ConsoleRequest request, Found found, EditForm typed) {
    StoredObject entry = found.entry;
    var put =
        new Change.Put(
            entry.name(),
            found.form.merge(entry.value(), typed),
            entry.metadata(),
            null,
            null,
            new Condition.Present(Set.of(entry.version())));
    return KvPages.write(changes, request, put, "admin_update_kv_entry")
        .map(_ -> ConsoleView.done(KvPages.path(KvPages.SHOW, entry.name()), "entry-saved"));
  }

  /** Answers the script of the editor, which knows the syntax of JSON by itself. */
  private Future<ConsoleView> check(ConsoleRequest request) {
    return bus.ask(
            new SchemaCommand.CheckValue(
                KvPages.COLLECTION, request.query("key"), request.field("text")))
        .map(
            problems -> {
              var list = new JsonArray();
              problems.forEach(
                  problem ->
                      list.add(
                          JsonObject.of("path", problem.path(), "message", problem.message())));
              return list;
            })
        .recover(
            failure ->
                failure instanceof Refused refused && refused.refusal() instanceof Refusal.Invalid
                    ? Future.succeededFuture(new JsonArray())
                    : Future.failedFuture(failure))
        .map(list -> new ConsoleView.Data(JsonObject.of("problems", list)));
  }
}

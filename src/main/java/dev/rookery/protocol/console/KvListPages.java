package dev.rookery.protocol.console;

import dev.rookery.base.LobbyId;
import dev.rookery.base.PlayerId;
import dev.rookery.bus.Bus;
import dev.rookery.console.BulkActions.BulkAction;
import dev.rookery.console.ListInput;
import dev.rookery.console.ListSelection;
import dev.rookery.console.Permission;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import dev.rookery.storage.StorageCommand;
import dev.rookery.storage.StoredObject;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The list of key-value entries: search, export, and delete one, several, or all that match. */
final class KvListPages implements ConsoleSection {
  private static final int FIRST_LINE_MAX = 120;
  private static final List<SearchQuery.Key> KEYS =
      List.of(
          new SearchQuery.Key("scope", "global", Set.of("global"), false, false, false),
          SearchQuery.Key.of("user", "the id of the player who owns it"),
          SearchQuery.Key.of("lobby", "the id of the lobby that it belongs to"));
  private static final List<String> COLUMNS =
      List.of(
          "id",
          "key",
          "user_id",
          "lobby_id",
          "value",
          "metadata",
          "version",
          "created_at",
          "updated_at");

  private final Bus bus;
  private final Changes changes;
  private final ListTools lists;

  KvListPages(Bus bus, Changes changes, ListTools lists) {
    this.bus = bus;
    this.changes = changes;
    this.lists = lists;
  }

  @Override
  public void register(ConsoleRouter console) {
    console.menu(
        new MenuEntry(MenuEntry.Group.CONTENT, "Key-value", KvPages.PATH, "k", Permission.KV_READ));
    console.page(KvPages.PATH, Permission.KV_READ, this::list);
    lists.register(
        console,
        KvPages.PATH,
        this::select,
        BulkOffer.of(
            "Delete",
            "entries",
            "Their values are gone. This cannot be undone.",
            new BulkAction(
                Permission.KV_EDIT,
                "admin_delete_kv_entry",
                "kv",
                true,
                (entry, _, _, _) -> new StorageCommand.DeleteById(KvPages.COLLECTION, entry))));
    console.action(KvPages.PATH + "/:id/delete", Permission.KV_EDIT, this::delete);
    console.action(KvPages.PATH + "/delete", Permission.KV_EDIT, this::deleteSelected);
    console.message("entry-deleted", "The entry was deleted.");
    console.message("entries-deleted", "The selected entries were deleted.");
  }

  private Future<ConsoleView> list(ConsoleRequest request) {
    ListRequest list = listRequest(request);
    if (!list.search().isValid()) {
      return Future.succeededFuture(page(request, list, List.of(), 0));
    }
    var filter = filter(list.search());
    var count =
        Pager.orUncounted(
            bus.ask(new StorageCommand.Count(KvPages.COLLECTION, filter, list.countMax())));
    var found =
        bus.ask(
            new StorageCommand.Browse(
                KvPages.COLLECTION,
                filter,
                SearchQuery.parse(list.isBackwards() ? list.before() : list.after()),
                list.isBackwards(),
                list.size() + 1));
    return Future.all(count, found).map(_ -> page(request, list, found.result(), count.result()));
  }

  private static ListRequest listRequest(ListInput request) {
    return ListRequest.of(request, KEYS, true, List.of());
  }

  private static StorageCommand.Filter filter(SearchQuery search) {
    Long user = search.number("user");
    Long lobby = search.number("lobby");
    return new StorageCommand.Filter(
        user == null ? null : new PlayerId(user),
        lobby == null ? null : new LobbyId(lobby),
        search.words(),
        Boolean.TRUE.equals(search.flag("scope", "global")));
  }

  private ListSelection<StoredObject> select(ListInput request) {
    ListRequest list = listRequest(request);
    return new ListSelection<>(
        "kv",
        Permission.KV_READ,
        list.search().masked(KEYS),
        list.search().problems(),
        new ListSelection.Rows<>(
            (last, max) ->
                bus.ask(
                    new StorageCommand.Browse(
                        KvPages.COLLECTION,
                        filter(list.search()),
                        last == null ? null : last.id(),
                        false,
                        max)),
            StoredObject::id,
            COLUMNS,
            KvListPages::exported));
  }

  private static Map<String, Object> exported(StoredObject entry) {
    PlayerId owner = entry.name().owner();
    LobbyId lobby = entry.name().lobby();
    return Exports.row(
        "id", entry.id(),
        "key", entry.name().key(),
        "user_id", owner == null ? null : owner.value(),
        "lobby_id", lobby == null ? null : lobby.value(),
        "value", entry.value(),
        "metadata", entry.metadata(),
        "version", entry.version(),
        "created_at", Exports.time(entry.createdMs()),
        "updated_at", Exports.time(entry.updatedMs()));
  }

  private ConsoleView page(
      ConsoleRequest request, ListRequest list, List<StoredObject> found, long total) {
    var keyset = Keyset.of(list, found, entry -> Long.toString(entry.id()));
    boolean edits = request.may(Permission.KV_EDIT);
    return new ListPage(
            ListPage.Search.of(list, KEYS, "Part of the key"),
            table("list", keyset.items(), edits),
            keyset.pager(list, total),
            "No entries",
            "Create one here, or with PUT /api/v1/kv from a client.",
            edits ? List.of(new Action("Delete…", KvPages.PATH + "/delete", 2)) : List.of(),
            edits
                ? List.of(
                    new Link("Schemas", KvSchemaPages.PATH),
                    new Link("New entry", KvPages.PATH + "/new"))
                : List.of(new Link("Schemas", KvSchemaPages.PATH)),
            lists.exports().links(request, list, KvPages.PATH))
        .with(lists.bulk().buttons(request, list, KvPages.PATH))
        .render("Key-value");
  }

  static ListView table(String id, List<StoredObject> entries, boolean selectable) {
    var columns =
        List.of(
            Column.of("Key", 1),
            Column.of("Scope", 1),
            Column.of("Value", 2),
            Column.of("Size", 3),
            Column.of("Version", 4),
            Column.of("Updated", 2));
    var rows = new ArrayList<Row>();
    for (StoredObject entry : entries) {
      String value = entry.value();
      rows.add(
          new Row(
              Long.toString(entry.id()),
              entry.name().key(),
              List.of(
                  Cell.link(entry.name().key(), KvPages.path(KvPages.SHOW, entry.name())),
                  KvPages.scope(entry.name()),
                  Cell.code(
                      value.length() <= FIRST_LINE_MAX
                          ? value
                          : value.substring(0, FIRST_LINE_MAX) + "…"),
                  Cell.text(KvPages.size(value)),
                  Cell.code(version(entry)),
                  Cell.time(entry.updatedMs()))));
    }
    return new ListView(id, "Key-value entries", columns, rows, selectable);
  }

  private static String version(StoredObject entry) {
    return entry.version().substring(0, Math.min(8, entry.version().length()));
  }

  private Future<?> delete(ConsoleRequest request, long id) {
    return changes.make(
        request,
        new StorageCommand.DeleteById(KvPages.COLLECTION, id),
        "admin_delete_kv_entry",
        "kv/" + id);
  }

  private Future<ConsoleView> delete(ConsoleRequest request) {
    long id = request.id("id");
    return Confirmation.level1(
            "Delete entry " + id + "?",
            "Its value is gone for all players and the game.",
            "Delete the entry")
        .ask(
            request,
            request.back(KvPages.PATH),
            ConsoleView.done(KvPages.PATH, "entry-deleted"),
            () -> delete(request, id));
  }

  private Future<ConsoleView> deleteSelected(ConsoleRequest request) {
    return Selection.of(request, KvPages.PATH)
        .apply(
            "Delete",
            "entries",
            "Their values are gone for all players and the game.",
            "entries-deleted",
            id -> delete(request, id));
  }
}

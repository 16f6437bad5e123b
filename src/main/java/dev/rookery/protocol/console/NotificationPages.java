package dev.rookery.protocol.console;

import dev.rookery.base.NotificationId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.console.BulkActions.BulkAction;
import dev.rookery.console.ListInput;
import dev.rookery.console.ListSelection;
import dev.rookery.console.Permission;
import dev.rookery.notification.Notification;
import dev.rookery.notification.NotificationCommand;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import dev.rookery.protocol.console.RecordPage.Section;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Notifications of all players: list, send to one player, delete. */
final class NotificationPages implements ConsoleSection {
  private static final String PATH = "/admin/notifications";
  private static final String SENDER = "sender_id";
  private static final String RECIPIENT = "recipient_id";
  private static final String TITLE = "title";
  private static final String CONTENT = "content";
  private static final String METADATA = "metadata";
  private static final List<SearchQuery.Key> KEYS =
      List.of(
          SearchQuery.Key.of("to", "the id of the recipient"),
          SearchQuery.Key.of("from", "the id of the sender"));
  private static final List<String> COLUMNS =
      List.of("id", RECIPIENT, SENDER, TITLE, CONTENT, METADATA, "kind", "read", "created_at");

  private final Bus bus;
  private final Changes changes;
  private final ListTools lists;

  NotificationPages(Bus bus, Changes changes, ListTools lists) {
    this.bus = bus;
    this.changes = changes;
    this.lists = lists;
  }

  @Override
  public void register(ConsoleRouter console) {
    console.menu(
        new MenuEntry(
            MenuEntry.Group.CONTENT, "Notifications", PATH, null, Permission.NOTIFICATIONS_READ));
    console.page(PATH, Permission.NOTIFICATIONS_READ, this::list);
    lists.register(
        console,
        PATH,
        this::select,
        BulkOffer.of(
            "Delete",
            "notifications",
            "Their recipients no longer see them.",
            new BulkAction(
                Permission.NOTIFICATIONS_SEND,
                "admin_delete_notification",
                "notifications",
                true,
                (one, _, _, _) -> new NotificationCommand.DeleteAny(new NotificationId(one)))));
    console.page(PATH + "/new", Permission.NOTIFICATIONS_SEND, this::createForm);
    console.action(PATH + "/new", Permission.NOTIFICATIONS_SEND, this::create);
    console.action(PATH + "/delete", Permission.NOTIFICATIONS_SEND, this::deleteSelected);
    console.action(PATH + "/:id/delete", Permission.NOTIFICATIONS_SEND, this::delete);
    console.message("notification-sent", "The notification was sent.");
    console.message("notification-deleted", "The notification was deleted.");
    console.message("notifications-deleted", "The selected notifications were deleted.");
  }

  private Future<ConsoleView> list(ConsoleRequest request) {
    ListRequest list = listRequest(request);
    if (!list.search().isValid()) {
      return Future.succeededFuture(page(request, list, List.of(), 0));
    }
    return bus.ask(new NotificationCommand.ListAll(filter(list.search()), list.page()))
        .map(found -> page(request, list, found.items(), found.total()));
  }

  private static ListRequest listRequest(ListInput request) {
    return ListRequest.of(request, KEYS, true, List.of());
  }

  private static NotificationCommand.Filter filter(SearchQuery search) {
    return new NotificationCommand.Filter(
        player(search.number("to")), player(search.number("from")), search.words());
  }

  private ListSelection<Notification> select(ListInput request) {
    ListRequest list = listRequest(request);
    return new ListSelection<>(
        "notifications",
        Permission.NOTIFICATIONS_READ,
        list.search().masked(KEYS),
        list.search().problems(),
        new ListSelection.Rows<>(
            (last, max) ->
                bus.ask(
                    new NotificationCommand.ListAfter(
                        filter(list.search()), last == null ? null : last.id(), max)),
            one -> one.id().value(),
            COLUMNS,
            NotificationPages::exported));
  }

  private static Map<String, Object> exported(Notification one) {
    return Exports.row(
        "id",
        one.id().value(),
        RECIPIENT,
        one.recipient().value(),
        SENDER,
        one.sender().value(),
        TITLE,
        one.title(),
        CONTENT,
        one.content(),
        METADATA,
        new JsonObject(one.metadata()).encode(),
        "kind",
        one.kind(),
        "read",
        one.read(),
        "created_at",
        Exports.time(one.createdMs()));
  }

  private static @Nullable PlayerId player(@Nullable Long id) {
    return id == null ? null : new PlayerId(id);
  }

  private ConsoleView page(
      ConsoleRequest request, ListRequest list, List<Notification> found, long total) {
    boolean sends = request.may(Permission.NOTIFICATIONS_SEND);
    return new ListPage(
            ListPage.Search.of(list, KEYS, "Part of the title"),
            table("list", found, request),
            list.pager(total),
            "Nothing was sent",
            "Notifications of friends, groups and achievements appear here, too.",
            sends ? List.of(new Action("Delete…", PATH + "/delete", 2)) : List.of(),
            links(request),
            lists.exports().links(request, list, PATH))
        .with(lists.bulk().buttons(request, list, PATH))
        .render("Notifications");
  }

  private static List<Link> links(ConsoleRequest request) {
    var links = new ArrayList<Link>();
    links.add(new Link("Broadcasts", BroadcastPages.PATH));
    if (request.may(Permission.NOTIFICATIONS_SEND)) {
      links.add(new Link("New notification", PATH + "/new"));
    }
    if (request.may(Permission.NOTIFICATIONS_BROADCAST)) {
      links.add(new Link("Compose", ComposePages.PATH));
    }
    return links;
  }

  static ListView table(String id, List<Notification> notifications, ConsoleRequest request) {
    boolean sends = request.may(Permission.NOTIFICATIONS_SEND);
    var columns =
        List.of(
            Column.of("Title", 1),
            Column.of("To", 1),
            Column.of("From", 2),
            Column.of("Content", 2),
            Column.of("Kind", 3),
            Column.of("Read", 3),
            Column.of("Created", 2));
    var rows = new ArrayList<Row>();
    for (Notification one : notifications) {
      String number = Long.toString(one.id().value());
      rows.add(
          new Row(
              number,
              one.title(),
              List.of(
                  Cell.text(one.title()),
                  Cell.player(null, one.recipient().value()),
                  Cell.player(one.senderName(), one.sender().value()),
                  Cell.text(one.content()),
                  Cell.text(one.kind()),
                  Cell.text(one.read() ? "read" : "unread"),
                  Cell.time(one.createdMs())),
              sends
                  ? List.of(new Action("Delete", PATH + "/" + number + "/delete", 1))
                  : List.of()));
    }
    return new ListView(id, "Notifications", columns, rows, sends && id.equals("list"));
  }

  private static List<FormView.Field> fields(String sender) {
    return List.of(
        FormView.Field.of(RECIPIENT, "Id of the recipient", "number", "").needed(),
        FormView.Field.of(SENDER, "Id of the sender", "number", sender)
            .hinted("Shown to the recipient as the sender."),
        FormView.Field.of(TITLE, "Title", "text", "").needed(),
        FormView.Field.of(CONTENT, "Content", "textarea", ""),
        FormView.Field.of(METADATA, "Metadata", "json", "").hinted("A JSON object, or empty."));
  }

  private static String self(ConsoleRequest request) {
    return Long.toString(request.admin().player().value());
  }

  private static FormView form(ConsoleRequest request) {
    return new FormView(
        PATH + "/new", "", fields(self(request)), "Send the notification", 1, PATH, List.of());
  }

  private static ConsoleView createPage(FormView form) {
    return RecordPage.of(
            List.of(new Link("Notifications", PATH)),
            List.of(Section.form("new", "New notification", form)))
        .render("New notification");
  }

  private Future<ConsoleView> createForm(ConsoleRequest request) {
    return Future.succeededFuture(createPage(form(request)));
  }

  private Future<ConsoleView> create(ConsoleRequest request) {
    return new EditForm(request, "", fields(self(request)))
        .submit(form(request), NotificationPages::createPage, typed -> create(request, typed));
  }

  private Future<ConsoleView> create(ConsoleRequest request, EditForm typed) {
    Long recipient = typed.number(RECIPIENT);
    Long sender = typed.number(SENDER);
    if (recipient == null) {
      throw Refused.invalid(RECIPIENT, "can't be blank");
    }
    var create =
        new NotificationCommand.Create(
            request.admin().player(),
            sender == null ? request.admin().player() : new PlayerId(sender),
            new PlayerId(recipient),
            typed.value(TITLE),
            typed.value(CONTENT),
            typed.object(METADATA),
            null);
    return Confirmation.level1(
            "Send the notification?",
            "Player " + recipient + " sees it at once: “" + typed.value(TITLE) + "”.",
            "Send the notification")
        .ask(
            request,
            PATH,
            ConsoleView.done(PATH, "notification-sent"),
            () ->
                changes.make(
                    request,
                    create,
                    "admin_create_notification",
                    "users/" + recipient,
                    Changes.values(
                        SENDER, create.sender().value(),
                        RECIPIENT, recipient,
                        TITLE, typed.value(TITLE),
                        CONTENT, typed.value(CONTENT))));
  }

  private Future<?> delete(ConsoleRequest request, long id) {
    return changes.make(
        request,
        new NotificationCommand.DeleteAny(new NotificationId(id)),
        "admin_delete_notification",
        "notifications/" + id);
  }

  private Future<ConsoleView> delete(ConsoleRequest request) {
    long id = request.id("id");
    String back = request.back(PATH);
    return Confirmation.level1(
            "Delete notification " + id + "?",
            "The recipient no longer finds it.",
            "Delete the notification")
        .ask(
            request,
            back,
            ConsoleView.done(back, "notification-deleted"),
            () -> delete(request, id));
  }

  private Future<ConsoleView> deleteSelected(ConsoleRequest request) {
    return Selection.of(request, PATH)
        .apply(
            "Delete",
            "notifications",
            "Their recipients no longer find them.",
            "notifications-deleted",
            id -> delete(request, id));
  }
}

package dev.rookery.protocol.console;

import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.console.AccessKey;
import dev.rookery.console.KeyCommand;
import dev.rookery.console.Permission;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import dev.rookery.protocol.console.RecordPage.Fact;
import dev.rookery.protocol.console.RecordPage.Section;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Access keys: list, create, rotate, revoke, and how often each is used. */
final class KeyPages implements ConsoleSection {
  private static final String PATH = "/admin/keys";
  private static final String DAYS = "days";
  private static final String OVERLAP = "hours";
  private static final long DAYS_MAX = 365;

  private final Bus bus;
  private final Changes changes;
  private final InstantSource clock;

  KeyPages(Bus bus, Changes changes, InstantSource clock) {
    this.bus = bus;
    this.changes = changes;
    this.clock = clock;
  }

  @Override
  public void register(ConsoleRouter console) {
    console.menu(
        new MenuEntry(MenuEntry.Group.SETTINGS, "Access keys", PATH, null, Permission.KEYS_READ));
    console.page(PATH, Permission.KEYS_READ, request -> list(request, FormView.NONE));
    console.action(PATH + "/create", Permission.KEYS_EDIT, this::create);
    console.page(PATH + "/:key", Permission.KEYS_READ, this::show);
    console.action(PATH + "/:key/rotate", Permission.KEYS_EDIT, this::rotate);
    console.action(PATH + "/:key/revoke", Permission.KEYS_EDIT, this::revoke);
    console.message("key-revoked", "The access key was revoked.");
  }

  private static String path(AccessKey key) {
    return PATH + "/" + key.id();
  }

  private Future<ConsoleView> list(ConsoleRequest request, FormView form) {
    return bus.ask(new KeyCommand.ListKeys()).map(keys -> list(request, keys, form));
  }

  private static ConsoleView list(ConsoleRequest request, List<AccessKey> keys, FormView form) {
    var sections = new ArrayList<Section>();
    sections.add(
        Section.table(
            "keys", "Access keys", table(request, keys), Pager.NONE, "There are no access keys."));
    if (request.may(Permission.KEYS_EDIT)) {
      sections.add(
          Section.form("create", "Create a key", form == FormView.NONE ? createForm(request) : form)
              .withNote(
                  "A program sends it in place of an access token, to /api/v1/admin alone. It may"
                      + " do what is chosen here, as long as you may do it."));
    }
    return new RecordPage(List.of(), List.of(), List.of(), List.of(), List.of(), sections)
        .render("Access keys");
  }

  private static ListView table(ConsoleRequest request, List<AccessKey> keys) {
    boolean personal = request.may(Permission.PLAYERS_PERSONAL);
    var columns =
        List.of(
            Column.of("Name", 1),
            Column.of("Of", 2),
            Column.of("Permissions", 3),
            Column.of("Ends", 1),
            Column.of("Used", 2),
            Column.of("From", 4),
            Column.of("Calls today", 2),
            Column.of("Calls in 30 days", 3));
    var rows = new ArrayList<Row>();
    for (AccessKey key : keys) {
      rows.add(
          new Row(
              key.id(),
              key.name(),
              List.of(
                  Cell.link(key.name(), path(key)),
                  Cell.player(key.makerName(), key.maker().value()),
                  Cell.number(key.permissions().size()),
                  Cell.time(key.expiresMs()),
                  Cell.time(key.usedMs()),
                  personal ? Cell.code(key.usedAddress()) : Cell.text("hidden"),
                  Cell.number(key.callsToday()),
                  Cell.number(key.callsOfMonth()))));
    }
    return new ListView("keys", "Access keys", columns, rows, false);
  }

  private static FormView createForm(ConsoleRequest request) {
    return new FormView(
        PATH + "/create", "", createFields(request), "Create the key", 0, "", List.of());
  }

  private static List<FormView.Field> createFields(ConsoleRequest request) {
    var fields = new ArrayList<FormView.Field>();
    fields.add(
        FormView.Field.of("name", "Name", "text", "")
            .hinted("What uses it, such as: nightly export.")
            .needed());
    fields.add(
        FormView.Field.of(DAYS, "Ends after days", "number", "90")
            .hinted("At most " + DAYS_MAX + ".")
            .needed());
    fields.add(
        FormView.Field.of("networks", "Networks", "text", "")
            .hinted("Such as 203.0.113.0/24 2001:db8::/32. Empty for any address."));
    fields.add(
        FormView.Field.checkbox(
            "dangerous", "It may do dangerous actions, for which people need a code", false));
    for (Permission permission : grantable(request)) {
      fields.add(FormView.Field.checkbox(permission.text(), permission.text(), false));
    }
    return List.copyOf(fields);
  }

  /** What a key may get; never that of making keys. */
  private static List<Permission> grantable(ConsoleRequest request) {
    return Arrays.stream(Permission.values())
        .filter(permission -> permission != Permission.KEYS_EDIT && request.may(permission))
        .toList();
  }

  private Future<ConsoleView> create(ConsoleRequest request) {
    return bus.ask(new KeyCommand.ListKeys())
        .compose(
            keys ->
                new EditForm(request, "", createFields(request))
                    .submit(
                        createForm(request),
                        again -> list(request, keys, again),
                        typed -> create(request, typed)));
  }

  private Future<ConsoleView> create(ConsoleRequest request, EditForm typed) {
    Set<Permission> permissions = EnumSet.noneOf(Permission.class);
    grantable(request).stream()
        .filter(permission -> typed.flag(permission.text()))
        .forEach(permissions::add);
    var create =
        new KeyCommand.Create(
            request.admin().player(),
            typed.value("name"),
            permissions,
            words(typed.value("networks")),
            typed.flag("dangerous"),
            end(typed.number(DAYS)));
    return changes
        .make(
            request,
            create,
            "admin_create_key",
            "keys",
            Map.of(
                "name",
                create.name(),
                "permissions",
                permissions.stream().map(Permission::text).toList(),
                "dangerous",
                create.dangerous()))
        .map(KeyPages::created);
  }

  private static List<String> words(String text) {
    return Arrays.stream(text.strip().split("[\\s,]+", -1))
        .filter(word -> !word.isEmpty())
        .toList();
  }

  private long end(@Nullable Long days) {
    if (days == null || days < 1 || days > DAYS_MAX) {
      throw Refused.invalid(DAYS, "must be from 1 to " + DAYS_MAX);
    }
    return clock.millis() + Duration.ofDays(days).toMillis();
  }

  /** Shows the secret, this one time. */
  private static ConsoleView created(AccessKey.Created created) {
    AccessKey key = created.key();
    return new RecordPage(
            List.of(new Link("Access keys", PATH)),
            List.of(),
            List.of(new Link("To the key", path(key))),
            List.of(),
            List.of(),
            List.of(
                Section.text("secret", "The secret of " + key.name(), created.secret())
                    .withNote("Copy it now. It is shown this one time, and stored nowhere."),
                Section.text(
                    "use",
                    "How to use it",
                    "curl -H 'authorization: Bearer " + created.secret() + "' …/api/v1/admin/…")))
        .render("Access key " + key.name());
  }

  private Future<ConsoleView> show(ConsoleRequest request) {
    return read(request).map(shown -> show(request, shown, FormView.NONE));
  }

  /** A key and its use. */
  private record Shown(AccessKey key, List<AccessKey.Day> days) {}

  private Future<Shown> read(ConsoleRequest request) {
    String id = request.path("key");
    var key = bus.ask(new KeyCommand.FindKey(id));
    var days = bus.ask(new KeyCommand.ListDays(id));
    return Future.all(key, days).map(_ -> new Shown(key.result(), days.result()));
  }

  private static ConsoleView show(ConsoleRequest request, Shown shown, FormView form) {
    AccessKey key = shown.key();
    var sections = new ArrayList<Section>();
    sections.add(Section.facts("key", "Key", facts(request, key)));
    boolean own = key.maker().equals(request.admin().player());
    if (own && request.may(Permission.KEYS_EDIT)) {
      sections.add(
          Section.form("rotate", "Rotate", form == FormView.NONE ? rotateForm(key) : form)
              .withNote(
                  "It gets a new secret. The one that it has now is valid beside it for a while, so"
                      + " that you can replace it without a gap."));
    }
    sections.add(
        Section.table("days", "Calls by day", days(shown.days()), Pager.NONE, "Not used yet."));
    List<Action> buttons =
        request.may(Permission.KEYS_EDIT)
            ? List.of(new Action("Revoke…", path(key) + "/revoke", 2))
            : List.of();
    return new RecordPage(
            List.of(new Link("Access keys", PATH)),
            List.of(),
            List.of(),
            buttons,
            List.of(),
            sections)
        .render("Access key " + key.name());
  }

  private static List<Fact> facts(ConsoleRequest request, AccessKey key) {
    boolean personal = request.may(Permission.PLAYERS_PERSONAL);
    List<String> permissions = key.permissions().stream().map(Permission::text).toList();
    return List.of(
        Fact.of("Of", Cell.player(key.makerName(), key.maker().value())),
        Fact.of("Permissions", new Cell("text", String.join(", ", permissions), "", "")),
        Fact.of("Dangerous actions", Cell.text(key.dangerous() ? "yes" : "no")),
        Fact.of(
            "Networks",
            Cell.text(
                key.networks().isEmpty()
                    ? "any"
                    : personal ? String.join(" ", key.networks()) : "hidden")),
        Fact.of("Created", Cell.time(key.createdMs())),
        Fact.of("Ends", Cell.time(key.expiresMs())),
        Fact.of("Earlier secret valid until", Cell.time(key.oldUntilMs())),
        Fact.of("Used", Cell.time(key.usedMs())),
        Fact.of("From", personal ? Cell.code(key.usedAddress()) : Cell.text("hidden")));
  }

  private static ListView days(List<AccessKey.Day> days) {
    List<Row> rows =
        days.stream()
            .map(
                day -> {
                  String date = LocalDate.ofEpochDay(day.day()).toString();
                  return new Row(date, date, List.of(Cell.text(date), Cell.number(day.calls())));
                })
            .toList();
    return new ListView(
        "days",
        "Calls by day",
        List.of(Column.of("Day (UTC)", 1), Column.of("Calls", 1)),
        rows,
        false);
  }

  private static List<FormView.Field> rotateFields() {
    return List.of(
        FormView.Field.of(DAYS, "Ends after days", "number", "90")
            .hinted("At most " + DAYS_MAX + ".")
            .needed(),
        FormView.Field.of(OVERLAP, "Hours that the earlier secret stays valid", "number", "24")
            .hinted("From 0 to 168.")
            .needed());
  }

  private static FormView rotateForm(AccessKey key) {
    return new FormView(path(key) + "/rotate", "", rotateFields(), "New secret", 0, "", List.of());
  }

  private Future<ConsoleView> rotate(ConsoleRequest request) {
    return read(request)
        .compose(
            shown ->
                new EditForm(request, "", rotateFields())
                    .submit(
                        rotateForm(shown.key()),
                        again -> show(request, shown, again),
                        typed -> rotate(request, shown.key(), typed)));
  }

  private Future<ConsoleView> rotate(ConsoleRequest request, AccessKey key, EditForm typed) {
    Long hours = typed.number(OVERLAP);
    if (hours == null || hours < 0 || hours > Duration.ofDays(7).toHours()) {
      throw Refused.invalid(OVERLAP, "must be from 0 to 168");
    }
    return changes
        .make(
            request,
            new KeyCommand.Rotate(
                request.admin().player(),
                key.id(),
                Duration.ofHours(hours).toMillis(),
                end(typed.number(DAYS))),
            "admin_rotate_key",
            "keys/" + key.id(),
            Map.of("hours", hours))
        .map(KeyPages::created);
  }

  private Future<ConsoleView> revoke(ConsoleRequest request) {
    return bus.ask(new KeyCommand.FindKey(request.path("key")))
        .compose(
            key ->
                Confirmation.level2(
                        "Revoke the access key " + key.name() + "?",
                        "Programs that use it are refused on all nodes within a second.",
                        "Revoke",
                        key.name())
                    .ask(
                        request,
                        path(key),
                        ConsoleView.done(PATH, "key-revoked"),
                        () ->
                            changes.make(
                                request,
                                new KeyCommand.Revoke(key.id()),
                                "admin_revoke_key",
                                "keys/" + key.id(),
                                Map.of("name", key.name()))));
  }
}

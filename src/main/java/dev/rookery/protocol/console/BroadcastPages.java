package dev.rookery.protocol.console;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.console.Permission;
import dev.rookery.notification.Broadcast;
import dev.rookery.notification.Broadcast.Audience;
import dev.rookery.notification.Broadcast.State;
import dev.rookery.notification.BroadcastCommand;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import dev.rookery.protocol.console.RecordPage.Fact;
import dev.rookery.protocol.console.RecordPage.Section;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;

/** Notifications of admins to many players: list, how far one is, cancel. */
final class BroadcastPages implements ConsoleSection {
  static final String PATH = "/admin/notifications/broadcasts";
  private static final String CANCELLED = "broadcast-cancelled";

  private final Bus bus;
  private final Changes changes;
  private final InstantSource clock;

  BroadcastPages(Bus bus, Changes changes, InstantSource clock) {
    this.bus = bus;
    this.changes = changes;
    this.clock = clock;
  }

  @Override
  public void register(ConsoleRouter console) {
    console.page(PATH, Permission.NOTIFICATIONS_READ, this::list);
    new ComposePages(changes, clock).register(console);
    console.page(PATH + "/:id", Permission.NOTIFICATIONS_READ, this::show);
    console.action(PATH + "/:id/cancel", Permission.NOTIFICATIONS_SEND, this::cancel);
    console.message(CANCELLED, "The broadcast was cancelled. Players who got it keep it.");
  }

  static String path(long id) {
    return PATH + "/" + id;
  }

  /** To whom it goes, in words. */
  static String audience(Audience audience, long total) {
    return switch (audience) {
      case ALL -> "all players";
      case ONLINE -> "players who are online";
      case PLAYERS -> String.format(Locale.ENGLISH, "%,d chosen players", total);
    };
  }

  private Future<ConsoleView> list(ConsoleRequest request) {
    ListRequest list = ListRequest.of(request, List.of(), false, List.of());
    return bus.ask(
            new BroadcastCommand.ListBroadcasts(SearchQuery.parse(list.after()), list.size() + 1))
        .map(found -> page(request, list, found));
  }

  private ConsoleView page(ConsoleRequest request, ListRequest list, List<Broadcast> found) {
    var keyset = Keyset.of(list, found, one -> Long.toString(one.id()));
    var columns =
        List.of(
            Column.of("Title", 1),
            Column.of("State", 1),
            Column.of("To", 2),
            Column.of("By", 2),
            Column.of("Begins", 2),
            Column.of("Delivered", 2));
    var rows = new ArrayList<Row>();
    for (Broadcast one : keyset.items()) {
      rows.add(
          new Row(
              Long.toString(one.id()),
              one.title(),
              List.of(
                  Cell.link(one.title(), path(one.id())),
                  state(one),
                  Cell.text(audience(one.audience(), one.counts().total())),
                  Cell.player(null, one.admin().value()),
                  Cell.time(one.startsMs()),
                  Cell.number(one.counts().delivered())),
              actions(request, one)));
    }
    var pager = Pager.forward(list, keyset);
    return new ListPage(
            ListPage.Search.of(list, List.of(), ""),
            new ListView("list", "Broadcasts", columns, rows, false),
            pager,
            "Nothing was sent to many players",
            "A broadcast reaches all players, those who are online, or some that you choose.",
            List.of(),
            request.may(Permission.NOTIFICATIONS_BROADCAST)
                ? List.of(new Link("Compose", ComposePages.PATH))
                : List.of(),
            List.of())
        .render("Broadcasts");
  }

  private static List<Action> actions(ConsoleRequest request, Broadcast broadcast) {
    return broadcast.state() == State.OPEN && request.may(Permission.NOTIFICATIONS_SEND)
        ? List.of(new Action("Cancel", path(broadcast.id()) + "/cancel", 0))
        : List.of();
  }

  private Cell state(Broadcast broadcast) {
    return switch (broadcast.state()) {
      case OPEN ->
          broadcast.startsMs() > clock.millis()
              ? Cell.badge("waiting", "warn")
              : Cell.badge("being sent", "good");
      case DONE -> Cell.badge("sent", "");
      case CANCELLED -> Cell.badge("cancelled", "");
      case STOPPED ->
          Cell.badge(
              "stopped: its sender was deleted, or its admin or access key lost the right", "bad");
    };
  }

  private Future<ConsoleView> show(ConsoleRequest request) {
    long id = request.id("id");
    var found = bus.ask(new BroadcastCommand.Find(id));
    var read = Pager.orUncounted(bus.ask(new BroadcastCommand.CountRead(id)));
    return Future.all(found, read)
        .map(_ -> page(request, found.result(), read.result()).render(found.result().title()));
  }

  private RecordPage page(ConsoleRequest request, Broadcast broadcast, long read) {
    boolean open = broadcast.state() == State.OPEN;
    return new RecordPage(
        List.of(new Link("Notifications", "/admin/notifications"), new Link("Broadcasts", PATH)),
        List.of(state(broadcast)),
        open ? List.of(new Link("Refresh", request.uri())) : List.of(),
        actions(request, broadcast),
        List.of(),
        List.of(
            Section.facts("broadcast", "Broadcast", facts(broadcast, read)),
            Section.text("preview", "What clients get", preview(broadcast))));
  }

  private static List<Fact> facts(Broadcast broadcast, long read) {
    Broadcast.Counts counts = broadcast.counts();
    var facts = new ArrayList<Fact>();
    facts.add(Fact.of("To", Cell.text(audience(broadcast.audience(), counts.total()))));
    facts.add(Fact.of("By", Cell.player(null, broadcast.admin().value())));
    facts.add(Fact.of("In the name of", Cell.player(null, broadcast.sender().value())));
    facts.add(Fact.of("Written", Cell.time(broadcast.createdMs())));
    facts.add(Fact.of("Begins", Cell.time(broadcast.startsMs())));
    facts.add(Fact.of("Ended", Cell.time(broadcast.endedMs())));
    facts.add(
        Fact.of(
            "Reached",
            counts.total() == 0
                ? Cell.number(counts.reached())
                : Cell.text(
                    String.format(
                        Locale.ENGLISH, "%,d of %,d", counts.reached(), counts.total()))));
    facts.add(Fact.of("Delivered", Cell.number(counts.delivered())));
    facts.add(Fact.of("Read", Cell.text(read(read))));
    return facts;
  }

  private static String read(long read) {
    if (read == Pager.UNCOUNTED) {
      return Pager.counted(read);
    }
    return read >= BroadcastCommand.COUNTED_MAX
        ? String.format(Locale.ENGLISH, "%,d+", BroadcastCommand.COUNTED_MAX)
        : String.format(Locale.ENGLISH, "%,d", read);
  }

  /** The notification in each language, as clients get it. */
  static String preview(Broadcast broadcast) {
    var text = new StringBuilder();
    add(text, "Default", broadcast, new Broadcast.Variant(broadcast.title(), broadcast.content()));
    broadcast.variants().forEach((language, variant) -> add(text, language, broadcast, variant));
    return text.toString();
  }

  private static void add(
      StringBuilder text, String language, Broadcast broadcast, Broadcast.Variant variant) {
    var metadata = new JsonObject(new LinkedHashMap<>(broadcast.metadata()));
    metadata.put("type", "announcement");
    if (broadcast.id() > 0) {
      metadata.put("broadcast_id", broadcast.id());
    }
    text.append(text.isEmpty() ? "" : "\n\n").append(language).append(":\n");
    text.append(
        new JsonObject()
            .put("sender_id", broadcast.sender().value())
            .put("title", variant.title())
            .put("content", variant.content())
            .put("metadata", metadata)
            .encodePrettily());
  }

  private Future<ConsoleView> cancel(ConsoleRequest request) {
    long id = request.id("id");
    return changes
        .make(
            request, new BroadcastCommand.Cancel(id), "admin_cancel_broadcast", "broadcasts/" + id)
        .map(_ -> ConsoleView.done(request.back(path(id)), CANCELLED));
  }

  /** Refuses a number that is no player's. */
  static PlayerId player(String field, Long id) {
    if (id < 1) {
      throw Refused.invalid(field, "is not the id of a player");
    }
    return new PlayerId(id);
  }
}

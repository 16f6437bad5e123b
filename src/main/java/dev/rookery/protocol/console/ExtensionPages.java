package dev.rookery.protocol.console;

import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.console.Permission;
import dev.rookery.extensionhost.ExtensionCommand;
import dev.rookery.extensionhost.ExtensionCommand.Listing;
import dev.rookery.extensionhost.ExtensionCommand.NodeReport;
import dev.rookery.extensionhost.ExtensionDeployment;
import dev.rookery.extensionhost.ExtensionStatus;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import dev.rookery.protocol.console.RecordPage.Fact;
import dev.rookery.protocol.console.RecordPage.Section;
import dev.rookery.protocol.console.RecordPage.Tab;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Extensions: what runs on which node, and which versions there are. */
final class ExtensionPages implements ConsoleSection {
  static final String PATH = "/admin/extensions";
  static final String EXTENSION = PATH + "/:name";
  private static final String LIVE = "extensions";
  private static final int DIGEST_SHOWN = 12;

  private final Bus bus;
  private final LiveViews live;

  ExtensionPages(Bus bus, LiveViews live) {
    this.bus = bus;
    this.live = live;
  }

  @Override
  public void register(ConsoleRouter console) {
    console.menu(
        new MenuEntry(MenuEntry.Group.CODE, "Extensions", PATH, "x", Permission.EXTENSIONS_READ));
    console.sharedPage(PATH, Permission.EXTENSIONS_READ, this::list);
    live.add(LIVE, Permission.EXTENSIONS_READ, Duration.ofSeconds(5), _ -> this::message);
    console.page(EXTENSION, Permission.EXTENSIONS_READ, this::show);
  }

  static String name(ConsoleRequest request) {
    return request.path("name");
  }

  static String path(String extension) {
    return PATH + "/" + extension;
  }

  static String path(ConsoleRequest request) {
    return path(name(request));
  }

  /** The tabs of an extension, as far as the admin may see them. */
  static List<Tab> tabs(ConsoleRequest request, String name, String current) {
    var tabs = new ArrayList<Tab>();
    String path = path(name);
    tabs.add(new Tab("Versions", path, current.isEmpty()));
    tabs.add(new Tab("Functions", path + "/functions", current.equals("functions")));
    tabs.add(new Tab("Hooks", path + "/hooks", current.equals("hooks")));
    tabs.add(new Tab("Parked changes", path + "/parked", current.equals("parked")));
    if (request.may(Permission.JOBS_READ)) {
      tabs.add(new Tab("Schedules", path + "/schedules", current.equals("schedules")));
    }
    return tabs;
  }

  /** A page about what an extension has. */
  static ConsoleView page(
      ConsoleRequest request, String tab, List<Section> sections, String title) {
    return new RecordPage(
            List.of(new Link("Extensions", PATH), new Link(name(request), path(request))),
            List.of(),
            List.of(),
            List.of(),
            tabs(request, name(request), tab),
            sections)
        .render(title);
  }

  private static Future<List<Listing>> listings(Bus bus) {
    return bus.ask(new ExtensionCommand.ListAll());
  }

  private Future<JsonObject> message() {
    return listings(bus)
        .map(
            found ->
                JsonObject.of(
                    "parts", JsonObject.of("list", version(found), "record", version(found))));
  }

  private static String version(List<Listing> listings) {
    return Integer.toHexString(listings.hashCode());
  }

  private static String version(Listing listing) {
    ExtensionStatus here = listing.here();
    ExtensionDeployment current = listing.current();
    return here != null ? here.version() : current == null ? "" : current.version();
  }

  private Future<ConsoleView> list(ConsoleRequest request) {
    ListRequest list = ListRequest.of(request, List.of(), false, List.of());
    return listings(bus).map(found -> page(request, list, found));
  }

  private static ConsoleView page(
      ConsoleRequest request, ListRequest list, List<Listing> listings) {
    var columns =
        List.of(
            Column.of("Extension", 1),
            Column.of("State", 1),
            Column.of("Version", 2),
            Column.of("Calls here", 2),
            Column.of("Errors here", 2),
            Column.of("Time per call", 3),
            Column.of("Nodes", 3));
    var rows = new ArrayList<Row>();
    for (Listing listing : listings) {
      ExtensionStatus here = listing.here();
      long ready = listing.nodes().stream().filter(node -> node.report().ready()).count();
      rows.add(
          new Row(
              listing.name(),
              listing.name(),
              List.of(
                  Cell.link(listing.name(), path(listing.name())),
                  state(listing),
                  Cell.text(version(listing)),
                  Cell.number(here == null ? 0 : here.calls()),
                  Cell.number(here == null ? 0 : here.errors()),
                  Cell.text(perCall(here)),
                  Cell.text(ready + " of " + listing.nodes().size()))));
    }
    return new ListPage(
            ListPage.Search.of(list, List.of(), ""),
            new ListView("list", "Extensions", columns, rows, false),
            new Pager(Pager.exactly(rows.size()), "", "", "", ""),
            "No extensions",
            "An extension is a jar with functions, hooks and games. The guide “Your first"
                + " extension” in the documentation builds one.",
            List.of(),
            request.may(Permission.EXTENSIONS_DEPLOY)
                ? List.of(new Link("Upload a jar", ExtensionDeployPages.UPLOAD))
                : List.of(),
            List.of())
        .renderLive("Extensions", LIVE, version(listings));
  }

  private static String perCall(@Nullable ExtensionStatus here) {
    return here == null || here.calls() == 0
        ? ""
        : String.format(Locale.ENGLISH, "%.1f ms", here.timeSpent().toNanos() / 1e6 / here.calls());
  }

  private static Cell state(Listing listing) {
    ExtensionStatus here = listing.here();
    if (here != null && here.state() == ExtensionStatus.State.FAILED) {
      return Cell.badge("failing", "bad");
    }
    if (here != null) {
      return Cell.badge("active", "good");
    }
    return listing.current() == null ? Cell.badge("stopped", "") : Cell.badge("not here", "warn");
  }

  static Future<Listing> find(Bus bus, ConsoleRequest request) {
    return listings(bus).map(found -> named(found, name(request)));
  }

  private static Listing named(List<Listing> listings, String name) {
    return listings.stream()
        .filter(listing -> listing.name().equals(name))
        .findFirst()
        .orElseThrow(() -> Refused.missing("not_found"));
  }

  private Future<ConsoleView> show(ConsoleRequest request) {
    String name = name(request);
    return listings(bus).map(found -> show(request, named(found, name), version(found)));
  }

  private static ConsoleView show(ConsoleRequest request, Listing listing, String version) {
    boolean deploys = request.may(Permission.EXTENSIONS_DEPLOY);
    String path = path(listing.name());
    var buttons = new ArrayList<Action>();
    if (deploys && listing.versions().size() > 1) {
      buttons.add(new Action("Roll back…", path + "/rollback", 2));
    }
    if (deploys && listing.current() != null) {
      buttons.add(new Action("Remove…", path + "/remove", 2));
    }
    return new RecordPage(
            List.of(new Link("Extensions", PATH)),
            List.of(state(listing)),
            deploys ? List.of(new Link("Upload a jar", ExtensionDeployPages.UPLOAD)) : List.of(),
            buttons,
            tabs(request, listing.name(), ""),
            List.of(
                Section.facts("extension", "On this node", facts(listing)),
                Section.table(
                        "rollout",
                        "Rollout",
                        rollout(listing.nodes()),
                        Pager.NONE,
                        "No version is active.")
                    .withNote("What each node said about the version that is active."),
                Section.table(
                        "versions",
                        "Versions",
                        versions(listing, deploys),
                        Pager.NONE,
                        "Nothing was deployed.")
                    .withNote(
                        "The audit log shows who deployed them: target extensions/"
                            + listing.name()
                            + ".")))
        .renderLive(listing.name(), LIVE, version);
  }

  private static List<Fact> facts(Listing listing) {
    ExtensionStatus here = listing.here();
    if (here == null) {
      return List.of(Fact.of("State", Cell.text("not loaded on the node that answers")));
    }
    var loaded = here.loaded();
    var facts = new ArrayList<Fact>();
    facts.add(Fact.of("State", state(listing)));
    facts.add(Fact.of("Version", Cell.text(here.version())));
    facts.add(Fact.of("Digest", Cell.code(here.digest())));
    if (here.error() != null) {
      facts.add(Fact.of("Error", Cell.text(here.error())));
    }
    facts.add(Fact.of("Loaded", Cell.time(loaded == null ? 0L : loaded.toEpochMilli())));
    facts.add(Fact.of("Start took", Cell.text(here.startTime().toMillis() + " ms")));
    facts.add(Fact.of("Calls", Cell.number(here.calls())));
    facts.add(Fact.of("Running calls", Cell.number(here.running())));
    facts.add(Fact.of("Errors", Cell.number(here.errors())));
    facts.add(Fact.of("Time per call", Cell.text(perCall(here))));
    return facts;
  }

  private static ListView rollout(List<NodeReport> nodes) {
    var columns = List.of(Column.of("Node", 1), Column.of("State", 1), Column.of("Start took", 2));
    var rows = new ArrayList<Row>();
    for (NodeReport node : nodes) {
      String reason = node.report().reason();
      rows.add(
          new Row(
              node.node(),
              node.node(),
              List.of(
                  Cell.text(node.node()),
                  node.report().ready()
                      ? Cell.badge("runs it", "good")
                      : Cell.text(reason == null ? "starting" : "failed: " + reason),
                  Cell.text(node.report().startMs() + " ms"))));
    }
    return new ListView("rollout", "Rollout", columns, rows, false);
  }

  private static ListView versions(Listing listing, boolean deploys) {
    var columns =
        List.of(
            Column.of("Version", 1),
            Column.of("State", 1),
            Column.of("Digest", 2),
            Column.of("From", 2),
            Column.of("Deployed", 2));
    var rows = new ArrayList<Row>();
    for (ExtensionDeployment version : listing.versions()) {
      String digest = version.digest();
      String reason = version.reason();
      boolean activates =
          deploys
              && (version.state() == ExtensionDeployment.State.SUPERSEDED
                  || version.state() == ExtensionDeployment.State.REMOVED);
      rows.add(
          new Row(
              Long.toString(version.id()),
              version.version() + " of " + version.id(),
              List.of(
                  Cell.text(version.version()),
                  reason == null ? deployment(version.state()) : Cell.text("rejected: " + reason),
                  Cell.code(digest.substring(0, Math.min(DIGEST_SHOWN, digest.length()))),
                  Cell.text(version.source()),
                  Cell.time(version.createdMs())),
              activates
                  ? List.of(
                      new Action("Activate…", path(listing.name()) + "/activate/" + digest, 2))
                  : List.of()));
    }
    return new ListView("versions", "Versions", columns, rows, false);
  }

  private static Cell deployment(ExtensionDeployment.State state) {
    return switch (state) {
      case PREPARING -> Cell.badge("starting", "warn");
      case ACTIVE -> Cell.badge("active", "good");
      case SUPERSEDED -> Cell.badge("earlier", "");
      case REMOVED -> Cell.badge("removed", "");
      case REJECTED -> Cell.badge("rejected", "bad");
    };
  }
}

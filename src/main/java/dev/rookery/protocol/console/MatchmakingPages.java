package dev.rookery.protocol.console;

import dev.rookery.base.PlayerId;
import dev.rookery.bus.Bus;
import dev.rookery.console.Permission;
import dev.rookery.matchmaking.Criteria;
import dev.rookery.matchmaking.MatchmakingCommand;
import dev.rookery.matchmaking.MatchmakingQuery;
import dev.rookery.matchmaking.MatchmakingQuery.ListedTicket;
import dev.rookery.matchmaking.MatchmakingQuery.Pool;
import dev.rookery.matchmaking.MatchmakingQuery.TicketFilter;
import dev.rookery.matchmaking.TicketPlayer;
import dev.rookery.protocol.console.ListView.Action;
import dev.rookery.protocol.console.ListView.Column;
import dev.rookery.protocol.console.ListView.Row;
import dev.rookery.protocol.console.RecordPage.Section;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Matchmaking: pools, waiting tickets, why one is not matched, cancel, and simulate. */
final class MatchmakingPages implements ConsoleSection {
  static final String PATH = "/admin/matchmaking";

  private static final String LIVE = "matchmaking";
  private static final Duration LIVE_EVERY = Duration.ofSeconds(3);
  private static final String TICKET = PATH + "/tickets/:id";
  private static final String SIMULATE = PATH + "/simulate";
  private static final String POOLS = PATH + "/pools";
  private static final List<SearchQuery.Key> KEYS =
      List.of(
          SearchQuery.Key.of("mode", "the mode of a match"),
          SearchQuery.Key.of("region", "the region"),
          SearchQuery.Key.of("size", "the number of players of a whole match"),
          SearchQuery.Key.of("player", "the id of a player with a ticket"));

  private final Bus bus;
  private final Changes changes;
  private final InstantSource clock;
  private final LiveViews live;

  MatchmakingPages(Bus bus, Changes changes, InstantSource clock, LiveViews live) {
    this.bus = bus;
    this.changes = changes;
    this.clock = clock;
    this.live = live;
  }

  static String path(String ticket) {
    return PATH + "/tickets/" + URLEncoder.encode(ticket, StandardCharsets.UTF_8);
  }

  @Override
  public void register(ConsoleRouter console) {
    console.menu(
        new MenuEntry(
            MenuEntry.Group.PLAY, "Matchmaking", PATH, null, Permission.MATCHMAKING_READ));
    console.sharedPage(PATH, Permission.MATCHMAKING_READ, this::list);
    live.add(
        LIVE,
        Permission.MATCHMAKING_READ,
        LIVE_EVERY,
        _ -> () -> Future.succeededFuture(message()));
    console.page(POOLS, Permission.MATCHMAKING_READ, this::pools);
    console.page(TICKET, Permission.MATCHMAKING_READ, this::show);
    console.action(TICKET + "/cancel", Permission.MATCHMAKING_EDIT, this::cancel);
    console.page(SIMULATE, Permission.MATCHMAKING_SIMULATE, this::simulateForm);
    console.action(SIMULATE, Permission.MATCHMAKING_SIMULATE, this::simulate);
    console.message("ticket-cancelled", "The ticket was cancelled, and its players were told.");
  }

  /** How long tickets wait changes all the time, so the list is loaded again every few seconds. */
  private JsonObject message() {
    return JsonObject.of("parts", JsonObject.of("list", version()));
  }

  private String version() {
    return Long.toString(clock.millis() / LIVE_EVERY.toMillis());
  }

  private Future<ConsoleView> list(ConsoleRequest request) {
    ListRequest list = ListRequest.of(request, KEYS, false, List.of());
    SearchQuery search = list.search();
    if (!search.isValid()) {
      return Future.succeededFuture(page(request, list, List.of(), 0));
    }
    Long size = search.number("size");
    Long player = search.number("player");
    var filter =
        new TicketFilter(
            search.value("mode"),
            search.value("region"),
            search.value("size") == null ? null : size == null ? -1 : Math.clamp(size, -1, 1_000),
            search.value("player") == null ? null : new PlayerId(player == null ? -1 : player));
    var count =
        Pager.orUncounted(bus.ask(new MatchmakingQuery.CountTickets(filter, list.countMax())));
    var found =
        bus.ask(
            new MatchmakingQuery.ListTickets(
                filter,
                SearchQuery.parse(list.isBackwards() ? list.before() : list.after()),
                list.isBackwards(),
                list.size() + 1));
    return Future.all(count, found).map(_ -> page(request, list, found.result(), count.result()));
  }

  private ConsoleView page(
      ConsoleRequest request, ListRequest list, List<ListedTicket> found, long total) {
    var keyset = Keyset.of(list, found, ticket -> Long.toString(ticket.id()));
    var links = new ArrayList<Link>();
    links.add(new Link("Pools", POOLS));
    if (request.may(Permission.MATCHMAKING_SIMULATE)) {
      links.add(new Link("Simulate a ticket", SIMULATE));
    }
    return new ListPage(
            ListPage.Search.of(list, KEYS, ""),
            table(keyset.items(), request.may(Permission.MATCHMAKING_EDIT)),
            keyset.pager(list, total),
            "Nobody waits",
            "A ticket waits from matchmaking:find of a client until it is matched or expires."
                + " Simulate one to see what the rules do.",
            List.of(),
            links,
            List.of())
        .renderLive("Matchmaking", LIVE, version());
  }

  private ListView table(List<ListedTicket> tickets, boolean edits) {
    var columns =
        List.of(
            Column.of("Ticket", 1),
            Column.of("Players", 1),
            Column.of("Waiting", 1),
            Column.of("Mode", 2),
            Column.of("Region", 2),
            Column.of("Size", 2),
            Column.of("Skill", 3),
            Column.of("Party", 3),
            Column.of("Node", 3));
    long now = clock.millis();
    var rows = new ArrayList<Row>();
    for (ListedTicket ticket : tickets) {
      Long party = ticket.party();
      rows.add(
          new Row(
              ticket.ticket(),
              "ticket " + ticket.ticket(),
              List.of(
                  Cell.link(TicketSections.shortId(ticket.ticket()), path(ticket.ticket())),
                  players(ticket),
                  Cell.text(TicketSections.duration(now - ticket.createdMs())),
                  Cell.text(ticket.criteria().mode()),
                  Cell.text(ticket.criteria().region()),
                  Cell.number(ticket.criteria().size()),
                  Cell.text(skill(ticket)),
                  party == null
                      ? Cell.text("")
                      : Cell.link("party " + party, "/admin/parties/" + party),
                  Cell.text(ticket.node())),
              edits
                  ? List.of(new Action("Cancel", path(ticket.ticket()) + "/cancel", 1))
                  : List.of()));
    }
    return new ListView("list", "Tickets", columns, rows, false);
  }

  private static Cell players(ListedTicket ticket) {
    TicketPlayer first = ticket.players().getFirst();
    return ticket.players().size() == 1
        ? Cell.player(first.name(), first.player().value())
        : Cell.text(
            ticket.players().stream()
                .map(player -> player.name().isBlank() ? "" + player.player() : player.name())
                .collect(Collectors.joining(", ")));
  }

  private static String skill(ListedTicket ticket) {
    double mu = ticket.players().stream().mapToDouble(TicketPlayer::mu).average().orElse(0);
    return String.format(Locale.ENGLISH, "%.1f", mu);
  }

  private Future<ConsoleView> pools(ConsoleRequest request) {
    ListRequest list = ListRequest.of(request, List.of(), false, List.of());
    return bus.ask(new MatchmakingQuery.ListPools()).map(pools -> pools(list, pools));
  }

  private ConsoleView pools(ListRequest list, List<Pool> pools) {
    var columns =
        List.of(
            Column.of("Mode", 1),
            Column.of("Region", 1),
            Column.of("Size", 1),
            Column.of("Tickets", 2),
            Column.of("Players", 2),
            Column.of("Oldest waits", 2));
    long now = clock.millis();
    var rows = new ArrayList<Row>();
    for (Pool pool : pools) {
      Criteria criteria = pool.criteria();
      String query =
          "mode:\"%s\" region:\"%s\" size:%d"
              .formatted(criteria.mode(), criteria.region(), criteria.size());
      rows.add(
          new Row(
              Integer.toString(rows.size()),
              criteria.mode(),
              List.of(
                  Cell.link(
                      criteria.mode(),
                      PATH + "?q=" + URLEncoder.encode(query, StandardCharsets.UTF_8)),
                  Cell.text(criteria.region()),
                  Cell.number(criteria.size()),
                  Cell.number(pool.tickets()),
                  Cell.number(pool.players()),
                  Cell.text(TicketSections.duration(now - pool.oldestMs())))));
    }
    return new ListPage(
            ListPage.Search.of(list, List.of(), ""),
            new ListView("list", "Pools", columns, rows, false),
            new Pager(Pager.exactly(pools.size()), "", "", "", ""),
            "Nobody waits",
            "A pool is there as long as a ticket with its mode, region and size waits.",
            List.of(),
            List.of(new Link("All tickets", PATH)),
            List.of())
        .renderLive("Pools", LIVE, version());
  }

  private Future<ConsoleView> show(ConsoleRequest request) {
    String ticket = request.path("id");
    return bus.ask(new MatchmakingQuery.InspectTicket(ticket))
        .map(
            report ->
                new RecordPage(
                        List.of(new Link("Matchmaking", PATH)),
                        List.of(
                            report.matchedWith().isEmpty()
                                ? Cell.badge("not matched", "")
                                : Cell.badge("matched next", "good")),
                        request.may(Permission.MATCHMAKING_SIMULATE)
                            ? List.of(
                                new Link(
                                    "Simulate such a ticket",
                                    SIMULATE + parameters(report.ticket().criteria())))
                            : List.of(),
                        request.may(Permission.MATCHMAKING_EDIT)
                            ? List.of(new Action("Cancel…", path(ticket) + "/cancel", 1))
                            : List.of(),
                        List.of(),
                        TicketSections.of(report))
                    .render("Ticket " + TicketSections.shortId(ticket)));
  }

  private static String parameters(Criteria criteria) {
    return "?mode="
        + URLEncoder.encode(criteria.mode(), StandardCharsets.UTF_8)
        + "&region="
        + URLEncoder.encode(criteria.region(), StandardCharsets.UTF_8)
        + "&size="
        + criteria.size();
  }

  private Future<ConsoleView> cancel(ConsoleRequest request) {
    String ticket = request.path("id");
    return Confirmation.level1(
            "Cancel this ticket?",
            "Its players stop waiting, and are told that no match was found.",
            "Cancel the ticket")
        .ask(
            request,
            path(ticket),
            ConsoleView.done(PATH, "ticket-cancelled"),
            () ->
                changes.make(
                    request,
                    new MatchmakingCommand.CancelAny(ticket),
                    "admin_cancel_matchmaking_ticket",
                    "matchmaking/tickets/" + ticket));
  }

  private static List<FormView.Field> fields(String mode, String region, String size) {
    return List.of(
        FormView.Field.of("mode", "Mode", "text", mode).needed(),
        FormView.Field.of("region", "Region", "text", region).needed(),
        FormView.Field.of("size", "Players of the whole match", "number", size).needed(),
        FormView.Field.of("party", "Players that search as one", "number", "1").needed(),
        FormView.Field.of("mu", "Skill of each", "text", Double.toString(TicketPlayer.MU_DEFAULT)),
        FormView.Field.of(
            "sigma", "Uncertainty of it", "text", Double.toString(TicketPlayer.SIGMA_DEFAULT)),
        FormView.Field.of("waited", "Waited so far, seconds", "number", "0"));
  }

  private static FormView form(List<FormView.Field> fields) {
    return new FormView(SIMULATE, "", fields, "Simulate", 0, PATH, List.of());
  }

  private Future<ConsoleView> simulateForm(ConsoleRequest request) {
    String size = request.query("size");
    return Future.succeededFuture(
        simulation(
            form(
                fields(
                    request.query("mode"), request.query("region"), size.isEmpty() ? "2" : size)),
            List.of()));
  }

  private static ConsoleView simulation(FormView form, List<Section> result) {
    var sections = new ArrayList<Section>();
    sections.add(
        Section.form("simulate", "A made-up ticket", form)
            .withNote("It is compared with the tickets that wait now. Nothing is changed."));
    sections.addAll(result);
    return RecordPage.of(List.of(new Link("Matchmaking", PATH)), sections)
        .render("Simulate a ticket");
  }

  private Future<ConsoleView> simulate(ConsoleRequest request) {
    List<FormView.Field> fields = fields("", "", "2");
    return new EditForm(request, "", fields)
        .submit(
            form(fields),
            form -> simulation(form, List.of()),
            typed -> {
              Map<String, @Nullable Object> values =
                  Changes.values(
                      "mode", typed.value("mode"),
                      "region", typed.value("region"),
                      "size", typed.value("size"),
                      "party", typed.value("party"));
              return changes
                  .make(
                      request,
                      simulated(typed),
                      "admin_simulate_matchmaking",
                      "matchmaking/simulate",
                      values)
                  .map(
                      report ->
                          simulation(
                              form(
                                  fields.stream()
                                      .map(
                                          field ->
                                              field.typed(typed.value(field.name()), "", List.of()))
                                      .toList()),
                              TicketSections.of(report)));
            });
  }

  private static MatchmakingQuery.Simulate simulated(EditForm typed) {
    return new MatchmakingQuery.Simulate(
        new Criteria(
            typed.value("mode").strip(), typed.value("region").strip(), integer(typed, "size")),
        integer(typed, "party"),
        TicketSections.decimal("mu", typed.value("mu")),
        TicketSections.decimal("sigma", typed.value("sigma")),
        integer(typed, "waited") * 1_000L);
  }

  private static int integer(EditForm typed, String name) {
    Integer number = typed.integer(name);
    return number == null ? 0 : number;
  }
}
